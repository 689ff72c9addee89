import Runs
import Storage

/// `exports.json` in a night's folder: what was written to `exports/`, so that a file which has changed there is
/// found.
package struct ExportRecord: Sendable, Equatable {
  /// Its name in the folder.
  package static let file = "exports.json"

  /// SHA-256 of every file by its name in `exports/`.
  var digests: [String: String] = [:]

  init() {}

  /// - Throws: `StoreError`.
  func write(to night: RunFolder) throws(StoreError) {
    let json = SealedObject.sealed([
      "format": 1,
      "files": .array(
        digests.sorted { $0.key < $1.key }.map {
          ["name": .string($0.key), "sha256": .string($0.value)]
        }),
    ])
    try DurableFile.write(
      Array((JSONValue.object(json).readable + "\n").utf8), to: night.file(Self.file))
  }

  /// Reads what `night` has recorded; nil where there is nothing that is as it was written.
  init?(in night: RunFolder) {
    guard let bytes = try? FilePaths.readIfThere(night.file(Self.file), limit: 1 << 20),
      let json = try? JSONValue(parsing: bytes),
      let object = json.objectValue.flatMap(SealedObject.opened), object["format"]?.intValue == 1,
      let files = object["files"]?.arrayValue
    else { return nil }
    for file in files {
      guard let name = file["name"]?.stringValue, let digest = file["sha256"]?.stringValue else {
        return nil
      }
      digests[name] = digest
    }
  }

  /// The recorded files of `night` that are not as they were written, each with what is wrong with it.
  func damages(in night: RunFolder) -> [(path: String, reason: String)] {
    digests.sorted { $0.key < $1.key }.compactMap { name, digest in
      let path = night.exports + "/" + name
      guard FilePaths.isTaken(path) else { return (path, "the file is gone") }
      return (try? Digest.sha256(fileAt: path)) == digest
        ? nil : (path, "its SHA-256 is not the recorded one")
    }
  }
}
