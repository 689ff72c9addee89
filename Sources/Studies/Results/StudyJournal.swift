import Storage
import Synchronization

/// `cells.jsonl`: the result of every finished cell under its key, a line each, appended and synced.
///
/// A line carries its own digest. One that is torn or damaged counts as not there, so its cell is
/// measured again; of several lines under one key the last holds. Lines of cells that the study no
/// longer has stay, for when it has them again.
///
/// A class, because several threads append to one file in turn.
package final class StudyJournal: Sendable {
  private let path: String
  private let turn = Mutex(())

  package init(path: String) { self.path = path }

  /// The results by their keys, and the number of lines that are damaged.
  ///
  /// - Throws: `StoreError`.
  package func read() throws(StoreError) -> (results: [String: StudyResult], damaged: Int) {
    guard let bytes = try FilePaths.readIfThere(path) else { return ([:], 0) }
    return Self.results(in: bytes[...])
  }

  /// The results of the lines in `bytes` by their keys, and the number of lines that are damaged.
  static func results(
    in bytes: ArraySlice<UInt8>
  ) -> (results: [String: StudyResult], damaged: Int) {
    var results: [String: StudyResult] = [:]
    var damaged = 0
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      if let (key, result) = Self.entry(Array(line)) {
        results[key] = result
      } else {
        damaged += 1
      }
    }
    return (results, damaged)
  }

  /// Cuts off a last line that a killed process could not finish.
  ///
  /// - Throws: `StoreError`.
  package func removeTornLine() throws(StoreError) { try DurableFile.removeTornLine(of: path) }

  /// Writes the journal anew without its damaged lines, behind a copy of it as it was at `copy`.
  ///
  /// - Throws: `StoreError`.
  package func removeDamagedLines(keeping copy: String) throws(StoreError) {
    guard let bytes = try FilePaths.readIfThere(path) else { return }
    try DurableFile.write(bytes, to: copy)
    let newline = UInt8(ascii: "\n")
    let lines = bytes.split(separator: newline).filter { Self.entry(Array($0)) != nil }
    try DurableFile.write(lines.flatMap { Array($0) + [newline] }, to: path)
  }

  /// Adds the result of `cell`; it is on disk on return.
  ///
  /// - Throws: `StoreError`.
  package func append(_ result: StudyResult, of cell: StudyCell) throws(StoreError) {
    let bytes = Array((Self.line(result, of: cell) + "\n").utf8)
    try turn.withLock { _ throws(StoreError) in
      try DurableFile.append(bytes, to: path, syncs: true)
    }
  }

  static func line(_ result: StudyResult, of cell: StudyCell) -> String {
    var json = result.json
    json["key"] = .string(cell.key)
    json["cell"] = .string(cell.identity.text)
    return SealedObject.line(of: json)
  }

  /// Key and result of a sound line.
  private static func entry(_ line: [UInt8]) -> (key: String, result: StudyResult)? {
    guard let json = SealedObject.object(ofLine: line), let key = json["key"]?.stringValue,
      let result = try? StudyResult(json: .object(json))
    else { return nil }
    return (key, result)
  }
}
