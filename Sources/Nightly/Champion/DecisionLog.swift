import Runs
import Storage

/// `decisions.jsonl`: every decision, oldest first. A decision is on disk before the link to the champion
/// follows it, so that a night that was ended between the two is finished by the next.
package struct DecisionLog {
  private let folder: NightlyFolder

  package init(_ folder: NightlyFolder) { self.folder = folder }

  /// The largest file that is read: more than 100,000 nights.
  private static let largest = 256 << 20

  /// All decisions, and the numbers of lines that are damaged, from 1. A last line without its break was
  /// never finished and does not count.
  ///
  /// - Throws: `StoreError`.
  package func read() throws(StoreError) -> (decisions: [Decision], damaged: [Int]) {
    guard let bytes = try FilePaths.readIfThere(folder.decisions, limit: Self.largest),
      let end = bytes.lastIndex(of: UInt8(ascii: "\n"))
    else { return ([], []) }
    var decisions: [Decision] = []
    var damaged: [Int] = []
    let lines = bytes[..<end].split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if let object = SealedObject.object(ofLine: Array(line)),
        let decision = try? Decision(json: object)
      {
        decisions.append(decision)
      } else {
        damaged.append(index + 1)
      }
    }
    return (decisions, damaged)
  }

  /// Adds `decision`; it is on disk on return.
  ///
  /// - Throws: `StoreError`.
  func append(_ decision: Decision) throws(StoreError) {
    try DurableFile.removeTornLine(of: folder.decisions)
    let line = SealedObject.line(of: decision.json) + "\n"
    try DurableFile.append(Array(line.utf8), to: folder.decisions, syncs: true)
    try DurableFile.syncFolder(of: folder.decisions)
  }
}
