import Runs
import Storage

/// `decisions.jsonl`: every decision, oldest first. A decision is on disk before the link to the champion
/// follows it, so that a night that was ended between the two is finished by the next.
package struct DecisionLog {
  private let folder: NightlyFolder

  package init(_ folder: NightlyFolder) { self.folder = folder }

  /// The largest file that is read: more than 100,000 nights.
  private static let largest = 256 << 20

  /// What the file says.
  package struct Content: Sendable {
    /// Oldest first.
    package var decisions: [Decision] = []
    /// The numbers of damaged lines, from 1.
    package var damaged: [Int] = []
    /// Whether a last line has no break: it was never finished, or is cut off, and does not count.
    package var isTorn = false
    /// Whether something that does not count stands behind the last change of service.
    package var losesEnd = false
  }

  /// All that can be read.
  ///
  /// - Throws: `StoreError`.
  package func read() throws(StoreError) -> Content {
    var content = Content()
    guard let bytes = try FilePaths.readIfThere(folder.decisions, limit: Self.largest),
      !bytes.isEmpty
    else { return content }
    guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
      (content.isTorn, content.losesEnd) = (true, true)
      return content
    }
    let lines = bytes[..<end].split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if let object = SealedObject.object(ofLine: Array(line)),
        let decision = try? Decision(json: object)
      {
        content.decisions.append(decision)
        if decision.changesService { content.losesEnd = false }
      } else {
        content.damaged.append(index + 1)
        content.losesEnd = true
      }
    }
    content.isTorn = end + 1 < bytes.count
    if content.isTorn { content.losesEnd = true }
    return content
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
