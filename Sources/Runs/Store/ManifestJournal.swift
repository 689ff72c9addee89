import Storage

/// `run.journal`: what has changed since `run.json` was last written, a line a change, appended and
/// synced, so that a commit costs the same however many there are. A run that ends, and one that
/// begins, folds it into `run.json`.
///
/// A line is the SHA-256 of its text, a space, and the text: JSON with the line's number and the digest
/// of the line before it, the first with that of `run.json`. So no line can be damaged, be missing or
/// come from another manifest unseen. A last line without a line break is one that a kill or a power
/// cut has torn: it was never committed, and counts as not there.
package struct ManifestJournal: Sendable {
  private let path: String
  /// The digest that the next line names.
  private var last: String
  /// The lines that there are.
  private var count = 0

  /// The journal that begins at `path` behind the manifest that carries `digest`.
  package init(path: String, behind digest: String) {
    self.path = path
    last = digest
  }

  /// Adds `change`; it is on disk on return.
  ///
  /// - Throws: `StoreError`; what the file ends in is not known then, and nothing may be added.
  package mutating func append(_ change: ManifestChange) throws(StoreError) {
    let (line, digest) = Self.line(change, number: count + 1, behind: last)
    try DurableFile.append(line, to: path, syncs: true)
    if count == 0 { try DurableFile.syncFolder(of: path) }
    count += 1
    last = digest
  }

  /// The line of `change` with its number, from 1, and the digest that it begins with.
  package static func line(
    _ change: ManifestChange, number: Int, behind last: String
  ) -> (bytes: [UInt8], digest: String) {
    var json = change.json
    json["after"] = .string(last)
    json["line"] = JSONValue(number)
    let text = JSONValue.object(json).canonicalBytes
    let digest = Digest.sha256(text)
    return (Array(digest.utf8) + [UInt8(ascii: " ")] + text + [UInt8(ascii: "\n")], digest)
  }

  /// Makes the changes of the journal `bytes` in `manifest`, which carries `digest`; none where they
  /// are those of another manifest: of the one before it, into which they are folded.
  ///
  /// - Throws: `ManifestError.damaged` at the first line that is not as it was written; the changes
  ///   before it are made.
  package static func replay(
    _ bytes: [UInt8], behind digest: String, in manifest: inout Manifest
  ) throws(ManifestError) {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var last = digest
    for (index, line) in lines.enumerated() {
      let number = index + 1
      guard let (own, json) = sound(line) else {
        if number == lines.count { return }
        throw .damaged(reason: "line \(number) does not match its digest")
      }
      if number == 1, json["line"] == 1, json["after"]?.stringValue != last { return }
      guard json["line"]?.intValue == number, json["after"]?.stringValue == last else {
        throw .damaged(reason: "line \(number) does not follow the one before it")
      }
      do {
        manifest.apply(try ManifestChange(json: json))
      } catch {
        throw .damaged(reason: "line \(number): \(error)")
      }
      last = own
    }
  }

  /// Digest and text of a line that is as it was written; nil for another.
  private static func sound(_ line: ArraySlice<UInt8>) -> (digest: String, json: JSONValue)? {
    guard let space = line.firstIndex(of: UInt8(ascii: " ")) else { return nil }
    let text = Array(line[(space + 1)...])
    let digest = Digest.sha256(text)
    guard line[..<space].elementsEqual(digest.utf8), let json = try? JSONValue(parsing: text)
    else { return nil }
    return (digest, json)
  }
}
