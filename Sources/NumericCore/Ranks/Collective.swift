/// Processes that compute one thing together. Each has a rank, and is given what the others have computed.
///
/// Every rank calls the same functions in the same order, on the thread that it began with. Nothing is
/// summed on the way: parts lie in the order of ranks, and whoever adds them adds in that order. So no bit
/// depends on the number of ranks.
///
/// A rank that is lost ends the job: there is no function that fails.
package protocol Collective: AnyObject {
  /// Which of the processes this is, 0..<size.
  var rank: Int { get }
  /// How many processes there are, at least 1.
  var size: Int { get }

  /// Completes each of `spans` on every rank: the part of a rank is what that rank has there.
  func gather(_ spans: [SharedSpan])

  /// Completes each of `spans` on rank 0. Other ranks read nothing but their own parts, and write nothing.
  func collect(_ spans: [SharedSpan])

  /// Copies what rank 0 has at `bytes` to the same place of every other rank.
  func broadcast(_ bytes: UnsafeMutableRawBufferPointer)

  /// Returns when every rank has called it.
  func barrier()
}

/// Memory in parts, one a rank, that lie one behind the other in the order of ranks.
package struct SharedSpan {
  /// Where the part of rank 0 begins.
  package let start: UnsafeMutableRawPointer
  /// Bytes of each part, multiples of 4.
  package let sizes: [Int]

  /// Bytes of all parts together that can be sent at most: MPI counts words by 32 bits.
  package static let mostBytes = 4 * Int(Int32.max)

  /// - Parameter bounds: the first element of each rank's part, and behind it the end of the last; ascending
  ///   from 0.
  package init<Element: BitwiseCopyable>(
    _ start: UnsafeMutablePointer<Element>, bounds: [Int]
  ) {
    let stride = MemoryLayout<Element>.stride
    precondition(stride % 4 == 0 && bounds.first == 0, "words from the first on")
    self.start = UnsafeMutableRawPointer(start)
    sizes = zip(bounds, bounds.dropFirst()).map { ($1 - $0) * stride }
  }

  /// Bytes before the part of rank `rank`.
  package func offset(of rank: Int) -> Int { sizes[..<rank].reduce(0, +) }
}

extension Collective {
  /// Whether this rank decides, reads and writes.
  package var isFirst: Bool { rank == 0 }

  /// What rank 0 says, on every rank.
  package func decided(_ says: Bool) -> Bool {
    var word: Int32 = says ? 1 : 0
    withUnsafeMutableBytes(of: &word) { broadcast($0) }
    return word != 0
  }

  /// The sum of all parts of `values`, in order, on every rank.
  ///
  /// - Parameters:
  ///   - values: as many on every rank; right in this rank's part, and afterwards in all.
  ///   - bounds: the first place of each rank's part, and behind it the end of the last.
  package func orderedSum(_ values: UnsafeMutablePointer<Double>, bounds: [Int]) -> Double {
    gather([SharedSpan(values, bounds: bounds)])
    var sum = 0.0
    for place in 0..<bounds[bounds.count - 1] { sum += values[place] }
    return sum
  }
}

/// A process alone: what it computes is complete.
package final class LocalCollective: Collective {
  package let rank = 0
  package let size = 1

  package init() {}

  package func gather(_ spans: [SharedSpan]) {}
  package func collect(_ spans: [SharedSpan]) {}
  package func broadcast(_ bytes: UnsafeMutableRawBufferPointer) {}
  package func barrier() {}
}
