import Storage

/// A file that a stage has written outside the run's folder. It is others' to read and to move: a run
/// only looks whether it is there as it was written.
package struct WrittenFile: Sendable, Equatable {
  /// From the root.
  package let path: String
  package let bytes: Int
  package let sha256: String

  /// Whether the file is there with these bytes.
  package var isIntact: Bool {
    FilePaths.size(of: path) == bytes && (try? Digest.sha256(fileAt: path)) == sha256
  }

  package var json: JSONValue {
    ["path": .string(path), "bytes": JSONValue(bytes), "sha256": .string(sha256)]
  }
}

extension WrittenFile {
  package init(json: JSONValue) throws(JSONError) {
    path = try json.string(at: "path")
    bytes = try json.integer(at: "bytes")
    sha256 = try json.string(at: "sha256")
  }
}
