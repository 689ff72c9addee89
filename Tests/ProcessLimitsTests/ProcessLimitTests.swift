import ProcessLimits
import Storage
import Testing

@Suite("Limits of a process") struct ProcessLimitTests {
  /// What the kernel lists, each with its name there.
  private static let listed: [(ProcessLimit, String)] = [
    (.addressSpace, "Max address space"), (.data, "Max data size"), (.fileSize, "Max file size"),
    (.openFiles, "Max open files"), (.processorTime, "Max cpu time"),
  ]

  @Test("are those that the kernel lists", arguments: listed)
  func kernel(limit: ProcessLimit, name: String) throws {
    #expect(Self.listed.count == ProcessLimit.allCases.count)
    let lines = try #require(KernelText.read("/proc/self/limits")).split(separator: "\n")
    let line = try #require(lines.first { $0.hasPrefix(name) })
    let soft = try #require(line.dropFirst(name.count).split(separator: " ").first)
    #expect(limit.value.map { "\($0)" } ?? "unlimited" == soft)
  }
}
