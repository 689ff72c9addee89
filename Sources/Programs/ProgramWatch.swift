import Dispatch
import Glibc
import Subprocess
import Synchronization

/// A program that runs: it is given its input and both its streams are read by tasks, while the thread
/// that asked for it measures its time.
///
/// A class, because thread and tasks have it in common.
final class ProgramWatch: Sendable {
  /// How it ended, or why it was not started.
  typealias Ending = Result<ProgramOutcome, ProgramError>

  private struct State {
    /// The program's process group while its number is surely its own; nil before and after.
    var group: pid_t?
    var isTimeUp = false
    var ending: Ending?
  }

  private let input: [UInt8]
  private let captured: Int
  private let state = Mutex(State())
  private let begun = DispatchSemaphore(value: 0)
  private let done = DispatchSemaphore(value: 0)

  /// - Parameter captured: bytes of each stream that are kept.
  init(input: [UInt8], captured: Int) {
    self.input = input
    self.captured = captured
  }

  // MARK: The thread

  /// The seconds that starting a program may take, before its time begins.
  private static let start = 600.0

  /// Waits until `finish` was called. When `limit`, counted from its start, is over all that was started gets SIGTERM, and SIGKILL
  /// when the program has ended or `grace` is over, too.
  ///
  /// - Returns: nil where nothing ended it.
  func wait(limit: Duration, grace: Duration) -> Ending? {
    _ = begun.wait(timeout: .now() + Self.start)
    if done.wait(timeout: .now() + limit.seconds) == .timedOut {
      state.withLock {
        $0.isTimeUp = true
        Self.send(SIGTERM, to: $0.group)
      }
      if done.wait(timeout: .now() + grace.seconds) == .timedOut {
        state.withLock { Self.send(SIGKILL, to: $0.group) }
        // The kernel does not kill what waits for a disk or a server that does not answer.
        _ = done.wait(timeout: .now() + 10)
      }
    }
    return state.withLock { $0.ending }
  }

  // MARK: The tasks

  /// What was seen while the program ran.
  struct Seen: Sendable {
    let output: [UInt8]
    let errors: [UInt8]
    let ranOutOfTime: Bool
  }

  /// Returns when both streams and the program have ended. The program is not reaped, so its number stays
  /// its own as long as signals are sent to it.
  func seen(
    of execution: Execution<CustomWriteInput, SequenceOutput, SequenceOutput>
  ) async -> Seen {
    let pid = execution.processIdentifier.value
    begin(pid)
    async let end: Void = Self.end(of: pid)
    async let output = beginning(of: execution.standardOutput)
    async let errors = beginning(of: execution.standardError)
    // What it does not read is its own affair.
    _ = try? await execution.standardInputWriter.write(input)
    try? await execution.standardInputWriter.finish()
    let streams = await (output, errors)
    await end
    return Seen(output: streams.0, errors: streams.1, ranOutOfTime: close())
  }

  /// Lets the waiting thread go.
  func finish(_ ending: Ending) {
    state.withLock { $0.ending = ending }
    begun.signal()
    done.signal()
  }

  private func begin(_ pid: pid_t) {
    state.withLock {
      $0.group = pid
      if $0.isTimeUp { Self.send(SIGTERM, to: pid) }
    }
    begun.signal()
  }

  /// Sends no more signals, but one that ends what a program has left whose time was up.
  ///
  /// - Returns: whether it was.
  private func close() -> Bool {
    state.withLock {
      if $0.isTimeUp { Self.send(SIGKILL, to: $0.group) }
      $0.group = nil
      return $0.isTimeUp
    }
  }

  private static func send(_ signal: Int32, to group: pid_t?) {
    if let group { kill(-group, signal) }
  }

  /// The first bytes of `stream`, which is read to its end.
  private func beginning(of stream: SubprocessOutputSequence) async -> [UInt8] {
    var bytes: [UInt8] = []
    var iterator = stream.makeAsyncIterator()
    // A stream that cannot be read any more has ended.
    while let buffer = try? await iterator.next() {
      let room = captured - bytes.count
      if room > 0 { buffer.withUnsafeBytes { bytes.append(contentsOf: $0.prefix(room)) } }
    }
    return bytes
  }

  /// Returns when the program has ended, and leaves it to be reaped.
  private static func end(of pid: pid_t) async {
    await withCheckedContinuation { continuation in
      // A queue of its own has a thread of its own, which may wait.
      DispatchQueue(label: "end of a program").async {
        var facts = siginfo_t()
        while waitid(P_PID, id_t(pid), &facts, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        continuation.resume()
      }
    }
  }
}

extension Duration {
  /// As Dispatch counts it; of what it cannot count, its most.
  fileprivate var seconds: DispatchTimeInterval {
    let (seconds, rest) = components
    return seconds > 4_000_000_000
      ? .never : .nanoseconds(Int(seconds) * 1_000_000_000 + Int(rest / 1_000_000_000))
  }
}
