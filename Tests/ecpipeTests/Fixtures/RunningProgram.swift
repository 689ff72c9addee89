import Foundation
import Glibc

/// A program that was started, with its output going to files.
///
/// A class, because it owns a process.
final class RunningProgram {
  let pid: pid_t
  private let arguments: [String]
  private let outputFile: String
  private let errorFile: String
  private var status: Int32?

  /// Starts `path` in `folder`, with nothing of this process's environment but what finds libraries.
  ///
  /// - Parameter terminal: the path of a terminal for all three streams, instead of files.
  init(
    _ path: String, _ arguments: [String], in folder: String, environment: [String: String] = [:],
    terminal: String? = nil
  ) throws {
    let base = FileManager.default.temporaryDirectory.path + "/ecpipe-stream-\(UUID().uuidString)"
    (outputFile, errorFile) = (base + ".out", base + ".err")
    self.arguments = arguments

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let writing = O_WRONLY | O_CREAT | O_APPEND
    posix_spawn_file_actions_addopen(&actions, 0, terminal ?? "/dev/null", O_RDWR, 0)
    posix_spawn_file_actions_addopen(&actions, 1, terminal ?? outputFile, writing, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, terminal ?? errorFile, writing, 0o600)

    // The threads that tests run on block signals, and a child inherits that.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGXCPU, SIGXFSZ] {
      sigaddset(&signals, signal)
    }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))

    var variables = environment
    for name in ["PATH", "LD_LIBRARY_PATH"] {
      variables[name] = variables[name] ?? ProcessInfo.processInfo.environment[name]
    }
    // The shell changes the folder and becomes the program, so the process stays the same.
    let shell = "/bin/sh"
    let script = ["sh", "-c", #"cd "$0" && exec "$@""#, folder, path]
    let words = (script + arguments).map { strdup($0) } + [nil]
    let assignments = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in words + assignments { free(pointer) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, shell, &actions, &attributes, words, assignments)
    guard code == 0 else { throw ProgramError.notStarted(code: code) }
    pid = child
  }

  deinit {
    if status == nil {
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
    unlink(outputFile)
    unlink(errorFile)
  }

  /// What it has written to standard output so far.
  var output: String { RunningProgram.text(outputFile) }

  /// What it has written to standard error so far.
  var errors: String { RunningProgram.text(errorFile) }

  /// Whether it has ended.
  var hasEnded: Bool {
    if status != nil { return true }
    var value: Int32 = 0
    guard waitpid(pid, &value, WNOHANG) == pid else { return false }
    status = value
    return true
  }

  func signal(_ number: Int32) { kill(pid, number) }

  /// Stops it where it is; it goes on with SIGCONT.
  ///
  /// - Throws: `ProgramError.tooLate` when it has ended before.
  func stop() throws {
    if hasEnded { throw ProgramError.tooLate }
    kill(pid, SIGSTOP)
    var value: Int32 = 0
    waitpid(pid, &value, WUNTRACED)
    // The low byte of a stopped process is 0x7f; anything else is an end.
    if value & 0xff == 0x7f { return }
    status = value
    throw ProgramError.tooLate
  }

  /// Waits for its end.
  ///
  /// - Throws: `ProgramError.tooSlow` after `limit`.
  func outcome(within limit: Duration = .seconds(60)) throws -> Outcome {
    let start = ContinuousClock.now
    while !hasEnded {
      if ContinuousClock.now - start > limit {
        throw ProgramError.tooSlow(arguments: arguments, standardError: errors)
      }
      usleep(2000)
    }
    let value = status ?? 0
    let signal = value & 0x7f
    return Outcome(
      code: signal == 0 ? (value >> 8) & 0xff : 128 + signal, output: output, errors: errors)
  }

  /// Waits until `condition` holds.
  ///
  /// - Throws: `ProgramError.tooLate` when the program ends before, `.conditionNotMet` after half a
  ///   minute.
  func wait(for name: String, _ condition: () -> Bool) throws {
    let start = ContinuousClock.now
    while !condition() {
      if hasEnded { throw ProgramError.tooLate }
      if ContinuousClock.now - start > .seconds(30) {
        throw ProgramError.conditionNotMet(name, standardError: errors)
      }
      usleep(1000)
    }
  }

  private static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}
