import Glibc

/// What tells one content of a file from another without reading it.
package struct FileStamp: Sendable, Equatable {
  /// As it was given.
  package let path: String
  /// Its size.
  package let bytes: Int
  /// Last change, nanoseconds since 1970.
  package let modified: Int
  /// Its number in the file system.
  package let inode: UInt64

  /// The stamp of the file at `path`; nil when there is none.
  package init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.path = path
    bytes = Int(status.st_size)
    modified = status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
    inode = UInt64(status.st_ino)
  }

  /// Seconds since the last change, by the clock of this machine.
  package var age: Double { Double(Int(time(nil)) - modified / 1_000_000_000) }

  /// A stamp as it was noted.
  package init(path: String, bytes: Int, modified: Int, inode: UInt64) {
    self.path = path
    self.bytes = bytes
    self.modified = modified
    self.inode = inode
  }
}

extension FileStamp {
  /// As files that refer to others hold it.
  package var json: JSONValue {
    [
      "path": .string(path), "bytes": JSONValue(bytes), "modified": JSONValue(modified),
      "inode": .string(String(inode)),
    ]
  }

  /// Reads what `json` wrote.
  package init(json: JSONValue) throws(JSONError) {
    self.init(
      path: try json.string(at: "path"), bytes: try json.integer(at: "bytes"),
      modified: try json.integer(at: "modified"),
      inode: UInt64(try json.string(at: "inode")) ?? 0)
  }
}
