import Glibc
import ProcessLimits

/// How much memory a process may take for the content of one file.
///
/// Swift ends a process that asks for more memory than there is, so the sizes that files state, and
/// what they unpack to, are compared with this first.
package enum MemoryAllowance {
  /// Bytes for one file's content: a quarter of the machine's memory, or of what the limits on the
  /// process's address space and data (`ulimit -v`, `-d`) leave where that is smaller. A quarter, because
  /// reading takes the content up to four times: as stored, unpacked, while growing, and as numbers.
  package static let perFile = perFile(memory: machineMemory, addressSpace: addressSpaceLeft)

  /// - Parameters:
  ///   - memory: of the machine, in bytes; nil where the system does not say.
  ///   - addressSpace: that the process can still take, in bytes; nil where there is no limit.
  package static func perFile(memory: Int?, addressSpace: Int?) -> Int {
    min(memory ?? .max, addressSpace ?? .max) / 4
  }

  /// Bytes that this process can have at most beside what it has: memory and swap of the machine, or
  /// what its control groups allow, or what is left below the limit on its address space.
  package static var present: Int? {
    let swap = text("/proc/meminfo")?.split(separator: "\n").first { $0.hasPrefix("SwapTotal:") }
      .flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) }
    let machine = machineMemory.map { $0 + (swap ?? 0) << 10 }
    let own = residentBytes
    let shared = ([machine] + groupLimits).map { $0.map { max(0, $0 - own) } }
    return (shared + [addressSpaceLeft]).compactMap { $0 }.min()
  }

  /// Bytes of memory that this process has had so far at most; nil where the system does not say.
  package static var peak: Int? {
    text("/proc/self/status")?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      .flatMap { $0.split { $0 == " " || $0 == "\t" }.dropFirst().first }
      .flatMap { Int($0) }.map { $0 << 10 }
  }

  /// Bytes that the limits on address space and data leave; nil where there are none.
  package static var addressSpaceLeft: Int? {
    // Pages of address space, and, last but one, of data.
    let pages = ownPages
    func left(_ limit: Int?, _ taken: Int?) -> Int? {
      limit.map { max(0, $0 - (taken ?? 0) * sysconf(Int32(_SC_PAGESIZE))) }
    }
    let space = left(ProcessLimit.addressSpace.value, pages.first)
    let data = left(ProcessLimit.data.value, pages.dropLast().last)
    return [space, data].compactMap { $0 }.min()
  }

  /// What `statm` says of this process, in pages: address space, resident, …
  private static var ownPages: [Int] {
    text("/proc/self/statm")?.split { $0 == " " || $0 == "\n" }.compactMap { Int($0) } ?? []
  }

  /// Bytes of memory that this process has.
  private static var residentBytes: Int {
    (ownPages.dropFirst().first ?? 0) * sysconf(Int32(_SC_PAGESIZE))
  }

  /// The limits of the control group that the process is in, and of those above it.
  private static var groupLimits: [Int?] {
    var files = ["/sys/fs/cgroup/memory/memory.limit_in_bytes"]
    let line = text("/proc/self/cgroup")?.split(separator: "\n").first { $0.hasPrefix("0::/") }
    var group = line.map { String($0.dropFirst(3)) } ?? "/"
    while true {
      files.append("/sys/fs/cgroup" + (group == "/" ? "" : group) + "/memory.max")
      if group == "/" { break }
      group = FilePaths.folder(of: group)
    }
    return files.map { text($0).flatMap { Int($0.prefix { $0 != "\n" }) } }
  }

  private static func text(_ path: String) -> String? { KernelText.read(path, most: 4096) }

  private static var machineMemory: Int? {
    let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    let (bytes, overflow) = pages.multipliedReportingOverflow(by: size)
    return pages > 0 && size > 0 && !overflow ? bytes : nil
  }
}
