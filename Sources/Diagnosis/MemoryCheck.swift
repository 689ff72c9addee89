import ProcessLimits
import Storage

/// Memory, and the limits of a process.
package struct MemoryCheck: Sendable {
  /// A limit of a process as `ulimit` has it.
  package struct Limit: Sendable, Equatable {
    /// `-n` and its like.
    package let option: String
    /// What it limits.
    package let text: String
    /// Nil for no limit.
    package let value: Int?
    /// Below this, work fails.
    package let least: Int

    package init(option: String, text: String, value: Int?, least: Int) {
      self.option = option
      self.text = text
      self.value = value
      self.least = least
    }
  }

  /// Bytes that the process can have in all; nil where that is not known.
  package var present: Int?
  /// Bytes that are free, caches included; nil where that is not known.
  package var available: Int?
  package var limits: [Limit]

  package init(present: Int?, available: Int?, limits: [Limit]) {
    self.present = present
    self.available = available
    self.limits = limits
  }

  /// Of this process.
  package init() {
    present = MemoryAllowance.present
    available = KernelText.value(of: "MemAvailable", in: KernelText.read("/proc/meminfo"))
      .flatMap { $0.split(separator: " ").first.flatMap { Int($0) } }.map { $0 << 10 }
    func limit(_ option: String, _ text: String, _ limit: ProcessLimit, least: Int) -> Limit {
      Limit(option: option, text: text, value: limit.value, least: least)
    }
    limits = [
      limit("-v", "bytes of addresses", .addressSpace, least: 1 << 30),
      limit("-d", "bytes of data", .data, least: 1 << 30),
      limit("-f", "bytes of a file", .fileSize, least: 64 << 20),
      limit("-n", "open files", .openFiles, least: 128),
      limit("-t", "seconds of processor", .processorTime, least: 3600),
    ]
  }

  package var findings: [Finding] { [memory] + limitFindings }

  private var memory: Finding {
    guard let present else { return .ok(.memory, "how much there is, the system does not say") }
    let fact =
      "\(NumberText.bytes(present)) for this process"
      + (available.map { ", \(NumberText.bytes($0)) free" } ?? "")
      + "; files of up to \(NumberText.bytes(present / 4)) are read"
    let left = min(present, available ?? present)
    if left < 256 << 20 {
      return .problem(
        .memory, fact, advice: "end other programs, or raise the limits of memory")
    }
    if left < 1 << 30 {
      return .warning(.memory, fact, advice: "large tables and networks will not fit")
    }
    return .ok(.memory, fact)
  }

  private var limitFindings: [Finding] {
    let stated = limits.filter { $0.value != nil }
    let low = stated.filter { $0.value ?? .max < $0.least }
    let fact =
      stated.isEmpty
      ? "none on memory, files and time"
      : stated.map { "ulimit \($0.option) \($0.value ?? 0) \($0.text)" }.joined(separator: ", ")
    if low.isEmpty { return [.ok(.limits, fact)] }
    return low.map { limit in
      .warning(
        .limits, "\(limit.text): \(limit.value ?? 0) allowed (ulimit \(limit.option))",
        advice: "raise it with ulimit \(limit.option), or where logins have their limits")
    }
  }
}
