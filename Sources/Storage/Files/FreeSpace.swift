import Glibc

/// What a file system has left.
package enum FreeSpace {
  /// Bytes that this user may still write where `path` lies; nil where the system does not say.
  package static func bytes(at path: String) -> Int? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    let (bytes, overflow) = Int(clamping: status.f_bavail).multipliedReportingOverflow(
      by: Int(clamping: status.f_frsize))
    return overflow ? .max : bytes
  }
}
