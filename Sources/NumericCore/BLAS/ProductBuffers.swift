import COpenBLAS
import Glibc

/// The memory that OpenBLAS multiplies in: a buffer for each thread that does so at a time, taken at its
/// first product and kept. OpenBLAS 0.3.21 asks for a buffer that is refused again and again, for ever;
/// so whoever starts threads gets the buffers first.
package enum ProductBuffers {
  /// Bytes of a buffer (`BUFFER_SIZE` of OpenBLAS for this kind of processor).
  package static let size = 128 << 20
  /// A loop has no more products at a time, see `RowTasks`.
  private static let most = 64
  /// What a thread's stack and the heap beside it take of the address space.
  private static let threadSize = 9 << 20
  /// What is left for all else.
  private static let rest = 32 << 20

  // What Durability says of these has a test, which fails where a number is changed here alone.

  /// Bytes of address space that products on `threads` threads take, with what is left for all else.
  package static func needed(threads: Int) -> Int {
    rest + threads * threadSize + min(threads, most) * size
  }

  /// Has OpenBLAS take the buffers for `threads` threads.
  ///
  /// - Throws: `MemoryShortage` where the system would refuse them, or leave nothing beside them.
  package static func reserve(threads: Int) throws(MemoryShortage) {
    let count = min(threads, most)
    let needed = needed(threads: threads)
    let present = MemoryProbe(count: count, size: size, beside: needed - count * size)
    guard present.isGranted else { throw MemoryShortage(needed: needed, threads: threads) }
    let buffers = (0..<count).map { _ in blas_memory_alloc(0) }
    for buffer in buffers where buffer != nil { blas_memory_free(buffer) }
  }
}

/// Address space as OpenBLAS would ask for it, given back at once.
private struct MemoryProbe {
  let isGranted: Bool

  init(count: Int, size: Int, beside: Int) {
    let areas = (Array(repeating: size, count: count) + [beside]).map { size in
      (
        start: mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
        size: size
      )
    }
    isGranted = areas.allSatisfy { $0.start != MAP_FAILED }
    for area in areas where area.start != MAP_FAILED { munmap(area.start, area.size) }
  }
}

/// The system refuses the memory that products of matrices are computed in.
package struct MemoryShortage: Error, Equatable {
  /// Bytes of address space that are needed beside what the process has.
  package let needed: Int
  package let threads: Int

  /// A shortage for that many threads.
  package init(needed: Int, threads: Int) {
    self.needed = needed
    self.threads = threads
  }
}

extension MemoryShortage: CustomStringConvertible {
  package var description: String {
    "products of matrices on \(threads) thread\(threads == 1 ? "" : "s") need \(needed >> 20) MiB of "
      + "address space beside what is taken, and the system refuses them; raise the limit (ulimit -v)"
      + (threads == 1 ? "" : ", or compute on fewer threads (--threads 1)")
  }
}
