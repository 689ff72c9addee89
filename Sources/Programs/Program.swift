/// Another program, with all that it is given: nothing of this process reaches it beside what stands here.
package struct Program: Sendable, Equatable {
  /// A name that is looked up in the folders of the environment's `PATH`, or a path; a relative one
  /// counts from `folder`.
  package var name: String
  /// The words behind the program's name.
  package var arguments: [String]
  /// All variables that it gets.
  package var environment: [String: String]
  /// Where it runs; nil for this process's folder.
  package var folder: String?
  /// What it reads on standard input.
  package var input: [UInt8]
  /// How long it may take.
  package var limit: Duration
  /// How long it may take to end when it is told that its time is up.
  package var grace: Duration
  /// Bytes of each of its streams that are kept; what comes behind them is read and thrown away.
  package var captured = 65_536

  package init(
    _ name: String, _ arguments: [String] = [], environment: [String: String],
    folder: String? = nil, input: [UInt8] = [], limit: Duration, grace: Duration = .seconds(2)
  ) {
    self.name = name
    self.arguments = arguments
    self.environment = environment
    self.folder = folder
    self.input = input
    self.limit = limit
    self.grace = grace
  }
}

/// How a program ended, and what it wrote.
package struct ProgramOutcome: Sendable, Equatable {
  /// How a process ends.
  package enum Ending: Sendable, Equatable {
    /// By itself, with this code.
    case exited(Int32)
    /// By this signal.
    case signaled(Int32)
  }

  package let ending: Ending
  /// Whether it was told to end because it took longer than its limit.
  package let ranOutOfTime: Bool
  /// The first bytes of its standard output, `Program.captured` of them at most.
  package let output: [UInt8]
  /// The first bytes of its standard error, likewise.
  package let errors: [UInt8]

  /// Whether it ended by itself, in time, with code 0.
  package var isSuccess: Bool { ending == .exited(0) && !ranOutOfTime }

  /// Its standard output as text.
  package var outputText: String { String(decoding: output, as: UTF8.self) }
  /// Its standard error as text.
  package var errorText: String { String(decoding: errors, as: UTF8.self) }
}
