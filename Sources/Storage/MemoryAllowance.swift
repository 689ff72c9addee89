import Glibc

/// How much memory a process may take for the content of one file.
///
/// Swift ends a process that asks for more memory than there is, so the sizes that files state, and
/// what they unpack to, are compared with this first.
package enum MemoryAllowance {
  /// Bytes for one file's content: a quarter of the machine's memory, or of the limit on the
  /// process's address space (`ulimit -v`) where that is smaller. A quarter, because reading takes
  /// the content up to four times: as stored, unpacked, while growing, and as numbers.
  package static let perFile = perFile(memory: machineMemory, addressSpace: addressSpaceLimit)

  /// - Parameters:
  ///   - memory: of the machine, in bytes; nil where the system does not say.
  ///   - addressSpace: limit of the process, in bytes; nil where there is none.
  package static func perFile(memory: Int?, addressSpace: Int?) -> Int {
    min(memory ?? .max, addressSpace ?? .max) / 4
  }

  private static var machineMemory: Int? {
    let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    let (bytes, overflow) = pages.multipliedReportingOverflow(by: size)
    return pages > 0 && size > 0 && !overflow ? bytes : nil
  }

  private static var addressSpaceLimit: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return nil }
    // No limit is the largest number there is, which no Int holds.
    return Int(exactly: limit.rlim_cur)
  }
}
