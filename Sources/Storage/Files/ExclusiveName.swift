import Glibc

/// Names that one of several processes gets, also on network file systems, where `flock` and exclusive
/// creation are not to be relied on: a hard link is made, or the name was taken.
package enum ExclusiveName {
  /// Gives the file at `path` the second name `name`.
  ///
  /// - Returns: whether it has it; false where the name was taken.
  /// - Throws: `StoreError`.
  package static func link(_ path: String, as name: String) throws(StoreError) -> Bool {
    if Glibc.link(path, name) == 0 { return true }
    let code = errno
    // The answer of a server may have been lost, and the link be there.
    var (own, other) = (stat(), stat())
    if lstat(path, &own) == 0, lstat(name, &other) == 0, own.st_ino == other.st_ino,
      own.st_dev == other.st_dev
    {
      return true
    }
    if code == EEXIST { return false }
    throw StoreError(operation: "link", path: name, code: code)
  }

  /// Takes the file at `name` away, to `path`: one of several that try it has it then.
  ///
  /// - Returns: whether it has it; false where it was gone.
  /// - Throws: `StoreError`.
  package static func take(_ name: String, to path: String) throws(StoreError) -> Bool {
    if rename(name, path) == 0 { return true }
    if errno == ENOENT { return false }
    throw StoreError(operation: "rename", path: name, code: errno)
  }
}
