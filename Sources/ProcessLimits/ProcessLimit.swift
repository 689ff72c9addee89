import Glibc

/// A limit of this process as `ulimit` sets it.
package enum ProcessLimit: Sendable, CaseIterable {
  case addressSpace, data, fileSize, openFiles, processorTime

  /// In bytes, files or seconds; nil where there is no limit, or where the system does not say.
  package var value: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return nil }
    // No limit is the largest number there is, which no Int holds.
    return Int(exactly: limit.rlim_cur)
  }

  private var resource: __rlimit_resource {
    switch self {
    case .addressSpace: RLIMIT_AS
    case .data: RLIMIT_DATA
    case .fileSize: RLIMIT_FSIZE
    case .openFiles: RLIMIT_NOFILE
    case .processorTime: RLIMIT_CPU
    }
  }
}
