import Glibc

/// One mutex and two conditions on which the threads of a pool sleep.
///
/// A class with memory of its own, because pthread objects must not move. `@unchecked Sendable`:
/// every access goes through the mutex.
final class ParkingLot: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let work = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let completion = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(work, nil)
    pthread_cond_init(completion, nil)
  }

  deinit {
    pthread_cond_destroy(completion)
    pthread_cond_destroy(work)
    pthread_mutex_destroy(mutex)
    completion.deallocate()
    work.deallocate()
    mutex.deallocate()
  }

  /// Sleeps until `ready` holds; `wakeWorkers` makes it look again.
  func parkWorker(until ready: () -> Bool) { park(on: work, until: ready) }

  /// Sleeps until `ready` holds; `wakeCaller` makes it look again.
  func parkCaller(until ready: () -> Bool) { park(on: completion, until: ready) }

  func wakeWorkers() { wake(work) }

  func wakeCaller() { wake(completion) }

  private func park(on condition: UnsafeMutablePointer<pthread_cond_t>, until ready: () -> Bool) {
    pthread_mutex_lock(mutex)
    while !ready() { pthread_cond_wait(condition, mutex) }
    pthread_mutex_unlock(mutex)
  }

  private func wake(_ condition: UnsafeMutablePointer<pthread_cond_t>) {
    // Taking the mutex orders this wake after the sleeper's last look at its condition.
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }
}
