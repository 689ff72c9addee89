import Engine
import Glibc
import NumericCore
import Storage

/// On what measured times depend beside what is measured: those of another machine, of other threads or of
/// another program are none of this one's.
package struct MachineIdentity: Sendable, Equatable {
  /// As the kernel names it; empty where it does not.
  package var processor: String
  /// Instruction sets that kernels are chosen by, and OpenBLAS's kernels.
  package var features: [String]
  /// Threads that compute.
  package var threads: Int
  /// Processors that these share with what compresses.
  package var processors: Int
  /// Of the program, and of its engine.
  package var version: String

  package init(
    processor: String, features: [String], threads: Int, processors: Int, version: String
  ) {
    self.processor = processor
    self.features = features
    self.threads = threads
    self.processors = processors
    self.version = version
  }

  /// This machine.
  package init(threads: Int) {
    let own = ProcessorFingerprint()
    self.init(
      processor: Self.processor(in: KernelText.read("/proc/cpuinfo", most: 4096) ?? ""),
      features: own.features + [own.blasCore], threads: threads,
      processors: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
      version: "\(ProgramVersion.current), engine \(EngineVersion.current)")
  }

  /// The model of the first processor that the kernel's list has; empty where it has none.
  package static func processor(in text: String) -> String {
    for line in text.split(separator: "\n") where line.hasPrefix("model name") {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { return String(parts[1].drop { $0 == " " }) }
    }
    return ""
  }

  package var json: JSONValue {
    [
      "processor": .string(processor), "features": JSONValue(features.map { .string($0) }),
      "threads": JSONValue(threads), "processors": JSONValue(processors),
      "version": .string(version),
    ]
  }
}
