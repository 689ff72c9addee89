import Glibc
import NumericCore
import Storage

/// Threads against the processors that may be used, and what these can do.
package struct ProcessorCheck: Sendable {
  /// Instruction sets that kernels are chosen by.
  package var features: [String]
  /// Whether the machine is one of which instruction sets are known here.
  package var isX86: Bool
  /// Threads that compute unless something else is said.
  package var threads: Int
  /// Processors that this process may run on; nil where that is not known.
  package var allowed: Int?
  /// Processors' worth of time that control groups grant; nil for no limit.
  package var quota: Double?
  /// Processes that wait for a processor, as a mean over a minute.
  package var load: Double?

  package init(
    features: [String], isX86: Bool, threads: Int, allowed: Int?, quota: Double?, load: Double?
  ) {
    self.features = features
    self.isX86 = isX86
    self.threads = threads
    self.allowed = allowed
    self.quota = quota
    self.load = load
  }

  /// Of this process.
  ///
  /// - Parameter threads: that compute unless something else is said.
  package init(threads: Int) {
    #if arch(x86_64)
      isX86 = true
    #else
      isX86 = false
    #endif
    features = ProcessorFingerprint().features
    self.threads = threads
    allowed = KernelText.value(
      of: "Cpus_allowed_list", in: KernelText.read("/proc/self/status")
    ).flatMap(KernelText.count)
    quota = Self.quotas.min()
    load = KernelText.read("/proc/loadavg").flatMap {
      $0.split(separator: " ").first.flatMap { Double($0) }
    }
  }

  /// The limits of the control group that the process is in, and of those above it.
  private static var quotas: [Double] {
    let line = KernelText.read("/proc/self/cgroup")?.split(separator: "\n").first {
      $0.hasPrefix("0::/")
    }
    var group = line.map { String($0.dropFirst(3)) } ?? "/"
    var found: [Double] = []
    while true {
      let path = "/sys/fs/cgroup" + (group == "/" ? "" : group) + "/cpu.max"
      if let quota = KernelText.read(path).flatMap(quota(of:)) { found.append(quota) }
      if group == "/" { break }
      group = FilePaths.folder(of: group)
    }
    let old = "/sys/fs/cgroup/cpu/cpu.cfs_"
    if let quota = KernelText.read(old + "quota_us"),
      let period = KernelText.read(old + "period_us"),
      let own = Self.quota(of: quota.filter { $0 != "\n" } + " " + period)
    {
      found.append(own)
    }
    return found
  }

  /// Processors in a line `200000 100000`; nil for no limit.
  package static func quota(of line: String) -> Double? {
    let numbers = line.split(whereSeparator: { " \n".contains($0) }).map { Double($0) }
    guard numbers.count == 2, let time = numbers[0], let period = numbers[1], time > 0, period > 0
    else { return nil }
    return time / period
  }

  package var findings: [Finding] {
    let sets = features.isEmpty ? "none that is used" : features.joined(separator: ", ")
    let hasNone = isX86 && features.isEmpty
    return [
      hasNone
        ? .warning(
          .processor, "instruction sets: \(sets)",
          advice: "computing is several times slower than with AVX2; a virtual machine may hide it")
        : .ok(.processor, "instruction sets: \(sets)"),
      threadFinding,
    ]
  }

  private var threadFinding: Finding {
    let granted = min(Double(allowed ?? threads), quota ?? .infinity)
    var fact = counted(threads, "thread") + " unless --threads says otherwise; "
    fact += allowed.map { counted($0, "processor") + " may be used" } ?? "processors not known"
    if let quota {
      fact += ", and control groups grant \(NumberText.significant(quota, 3)) of them"
    }
    if let load { fact += "; load \(NumberText.fixed(load, 1))" }
    if Double(threads) > granted {
      return .warning(
        .processor, fact,
        advice: "threads that wait for one another slow down; say --threads \(max(1, Int(granted)))"
      )
    }
    if let load, load > 2 * granted + 1 {
      return .warning(
        .processor, fact, advice: "others keep the processors busy; runs take longer by that")
    }
    return .ok(.processor, fact)
  }
}
