import Glibc

/// A program that runs beside a test and is killed with the value at the latest. Not Foundation's,
/// whose waiting needs a run loop, and which hides descriptors from the child.
package final class ChildProcess {
  private let id: pid_t
  private var hasEnded = false

  /// Starts `arguments[0]`, found in the usual places.
  package init(_ arguments: [String]) throws {
    var words = arguments.map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var id = pid_t()
    let status = posix_spawnp(&id, arguments[0], nil, nil, &words, environ)
    guard status == 0 else { throw Failure(program: arguments[0], code: status) }
    self.id = id
  }

  deinit { if !hasEnded { kill() } }

  /// A program that could not be started.
  package struct Failure: Error {
    /// Its name.
    package let program: String
    /// The system's error number.
    package let code: Int32
  }

  /// Whether it has not ended by itself.
  package var isRunning: Bool {
    if !hasEnded, waitpid(id, nil, WNOHANG) == id { hasEnded = true }
    return !hasEnded
  }

  /// Ends it as a power cut would, and waits until it is gone.
  package func kill() {
    guard !hasEnded else { return }
    Glibc.kill(id, SIGKILL)
    waitpid(id, nil, 0)
    hasEnded = true
  }
}
