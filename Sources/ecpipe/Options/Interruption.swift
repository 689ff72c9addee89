import Glibc
import Synchronization

/// Signals that asked the process to stop. Global, because a signal handler can reach nothing else.
private let requests = Atomic<Int>(0)

/// SIGINT and SIGTERM as a question that a run asks between steps.
enum Interruption {
  /// From now on the first signal is only noted; the second ends the process at once.
  static func listen() {
    // A global is made when it is first used, and a signal handler must not be what does that.
    _ = requests.load(ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { signal in
      if requests.add(1, ordering: .sequentiallyConsistent).oldValue > 0 { _exit(128 + signal) }
    }
    sigemptyset(&action.sa_mask)
    for signal in [SIGINT, SIGTERM] { sigaction(signal, &action, nil) }
    // A reader that goes away must not end a run.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Whether somebody asked to stop.
  static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }
}
