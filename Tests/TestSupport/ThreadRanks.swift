import Glibc
import NumericCore
import Synchronization

/// Ranks that are threads of this process.
package enum ThreadRanks {
  /// Calls `body` as each of `size` ranks at the same time.
  ///
  /// - Returns: what each comes to.
  package static func run<Result: Sendable>(
    _ size: Int, _ body: @escaping @Sendable (ThreadCollective) -> Result
  ) -> [Result] {
    let meeting = Meeting(size: size)
    let box = ResultBox<Result>(size: size)
    // As many threads as ranks: each waits for all others.
    let tasks = BackgroundTasks(count: size, threads: size) { rank in
      box.set(body(ThreadCollective(rank: rank, meeting: meeting)), at: rank)
    }
    tasks.finish()
    return box.all
  }
}

/// What threads have come to.
private final class ResultBox<Result: Sendable>: Sendable {
  private let results: Mutex<[Result?]>

  init(size: Int) { results = Mutex(Array(repeating: nil, count: size)) }

  func set(_ result: Result, at rank: Int) { results.withLock { $0[rank] = result } }
  var all: [Result] { results.withLock { $0.compactMap { $0 } } }
}

/// A thread's place among others that are ranks.
package final class ThreadCollective: Collective {
  package let rank: Int
  /// Bytes that other ranks have given this one.
  package private(set) var received = 0
  /// Bytes of the largest span that ranks had between them, of those that were gathered or collected.
  package private(set) var largestSpan = 0
  private let meeting: Meeting

  fileprivate init(rank: Int, meeting: Meeting) {
    self.rank = rank
    self.meeting = meeting
  }

  package var size: Int { meeting.size }

  package func gather(_ spans: [SharedSpan]) { exchange(spans, writes: true) }

  package func collect(_ spans: [SharedSpan]) { exchange(spans, writes: rank == 0) }

  private func exchange(_ spans: [SharedSpan], writes: Bool) {
    for span in spans { largestSpan = max(largestSpan, span.sizes.reduce(0, +)) }
    meeting.show(spans.map { $0.start + $0.offset(of: rank) }, of: rank)
    meeting.wait()
    if writes {
      for other in 0..<size where other != rank {
        for (span, place) in zip(spans, meeting.places(of: other)) {
          let count = span.sizes[other]
          if count > 0 {
            (span.start + span.offset(of: other)).copyMemory(from: place, byteCount: count)
          }
          received += count
        }
      }
    }
    meeting.wait()
  }

  package func broadcast(_ bytes: UnsafeMutableRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    meeting.show([start], of: rank)
    meeting.wait()
    if rank > 0 {
      start.copyMemory(from: meeting.places(of: 0)[0], byteCount: bytes.count)
      received += bytes.count
    }
    meeting.wait()
  }

  package func barrier() { meeting.wait() }
}

/// Where ranks wait for one another and see where the others' memory lies.
private final class Meeting: Sendable {
  let size: Int
  private let addresses: Mutex<[[UInt]]>
  private let arrived = Atomic(0)
  private let round = Atomic(0)

  init(size: Int) {
    self.size = size
    addresses = Mutex(Array(repeating: [], count: size))
  }

  func show(_ places: [UnsafeMutableRawPointer], of rank: Int) {
    let own = places.map { UInt(bitPattern: $0) }
    addresses.withLock { $0[rank] = own }
  }

  func places(of rank: Int) -> [UnsafeRawPointer] {
    addresses.withLock { $0[rank] }.map { UnsafeRawPointer(bitPattern: $0)! }
  }

  func wait() {
    let present = round.load(ordering: .sequentiallyConsistent)
    if arrived.add(1, ordering: .sequentiallyConsistent).newValue == size {
      arrived.store(0, ordering: .sequentiallyConsistent)
      round.add(1, ordering: .sequentiallyConsistent)
    } else {
      while round.load(ordering: .sequentiallyConsistent) == present { sched_yield() }
    }
  }
}
