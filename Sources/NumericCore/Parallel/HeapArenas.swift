import COpenBLAS
import ProcessLimits

/// The addresses that the heap sets aside for threads.
package enum HeapArenas {
  /// Has all threads share one arena where addresses are scarce (`ulimit -v`): each has 64 MiB of them otherwise,
  /// whatever it takes from the heap. Comes before the first thread begins, which would keep its own.
  package static func settle() {
    if ProcessLimit.addressSpace.value != nil { mallopt(M_ARENA_MAX, 1) }
  }
}
