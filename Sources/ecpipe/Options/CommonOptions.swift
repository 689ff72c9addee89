import ArgumentParser
import Glibc
import NumericCore
import Pipeline

/// Where runs lie.
struct FolderOptions: ParsableArguments {
  @Option(name: .customLong("checkpoints"), help: "The folder of all runs.")
  var folder = "checkpoints"

  var locator: RunLocator { RunLocator(checkpoints: folder) }
}

/// How results are shown.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON instead of text.")
  var json = false

  @Flag(help: "Print nothing on standard output.")
  var quiet = false

  /// Prints `text` unless quiet.
  func line(_ text: String) { if !quiet { Output.line(text) } }
}

/// How many threads compute.
struct ThreadOptions: ParsableArguments {
  @Option(help: "Threads that compute; results do not depend on it. Default: all processors.")
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads \(threads): allowed are 1 to 1024")
    }
  }

  /// A pool of as many threads as wanted.
  var pool: WorkerPool {
    WorkerPool(threadCount: threads ?? max(1, min(1024, sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
  }
}
