import Datasets
import NumericCore
import Synchronization

/// The digest of the files of data, computed on a thread of its own while they are read. Where the reading fails,
/// nobody waits for it.
struct PendingDigest {
  /// What the thread leaves behind.
  private final class Outcome: Sendable {
    // A class, because two threads share it.
    let digest = Mutex<Result<String, any Error>?>(nil)
  }

  private let outcome: Outcome
  private let task: BackgroundTasks

  /// Begins at once.
  init(_ request: DataRequest) {
    let outcome = Outcome()
    self.outcome = outcome
    task = BackgroundTasks(count: 1, threads: 1) { _ in
      let result = Result { try request.digest() }
      outcome.digest.withLock { $0 = result }
    }
  }

  /// The digest, waited for.
  ///
  /// - Throws: as `DataRequest.digest` does.
  func value() throws -> String {
    task.finish()
    guard let result = outcome.digest.withLock({ $0 }) else {
      preconditionFailure("the task is done")
    }
    return try result.get()
  }
}
