import NumericCore

/// Which part of a pass over samples each rank does: of a chunk of samples the blocks that it carries through a
/// chain, and then, with the values of all blocks, pieces of the sums. Both are what one process divides among
/// its threads, and each sum is one rank's from the first sample to the last, so that the bits are the same.
struct PassShares {
  let collective: any Collective

  /// Of `count` parts the first of each rank, and behind it the number of all.
  func starts(of count: Int) -> [Int] {
    (0...collective.size).map { count * $0 / collective.size }
  }

  /// Of `count` parts those of this rank.
  func own(of count: Int) -> Range<Int> { own(starts(of: count)) }

  /// Of parts that cost `costs` the first of each rank, and behind it the number of all: a rank begins with the
  /// first that has its share of all costs before it.
  func starts(of costs: [Int]) -> [Int] {
    let all = costs.reduce(0, +)
    var starts: [Int] = []
    var passed = 0
    for (index, cost) in costs.enumerated() {
      while starts.count < collective.size, passed >= starts.count * all / collective.size {
        starts.append(index)
      }
      passed += cost
    }
    while starts.count <= collective.size { starts.append(costs.count) }
    return starts
  }

  /// This rank's range of `starts`.
  func own(_ starts: [Int]) -> Range<Int> {
    starts[collective.rank]..<starts[collective.rank + 1]
  }

  /// Gives rank 0 the numbers of `runs`, a list for each rank, from the ranks that have them.
  func collect(_ runs: [[SumRun]]) {
    collect(
      counts: runs.map { $0.reduce(0) { $0 + $1.count } }, of: 0.0,
      write: { place in
        var place = place
        for run in runs[collective.rank] {
          place.update(from: run.start, count: run.count)
          place += run.count
        }
      },
      read: { rank, place in
        var place = place
        for run in runs[rank] {
          run.start.update(from: place, count: run.count)
          place += run.count
        }
      })
  }

  /// Gives rank 0 what the other ranks write.
  ///
  /// - Parameters:
  ///   - counts: words of each rank.
  ///   - empty: a word before it is written.
  ///   - write: puts this rank's words there.
  ///   - read: on rank 0, takes those of another rank from there.
  func collect<Word: BitwiseCopyable>(
    counts: [Int], of empty: Word, write: (UnsafeMutablePointer<Word>) -> Void,
    read: (_ rank: Int, UnsafeMutablePointer<Word>) -> Void
  ) {
    var bounds = [0]
    for count in counts { bounds.append(bounds[bounds.count - 1] + count) }
    let memory = ChainMemory()
    let space = memory.allocate(bounds[collective.size], filledWith: empty)
    withExtendedLifetime(memory) {
      write(space + bounds[collective.rank])
      collective.collect([SharedSpan(space, bounds: bounds)])
      guard collective.isFirst else { return }
      for rank in 1..<collective.size { read(rank, space + bounds[rank]) }
    }
  }
}

/// Sums that lie one behind the other.
struct SumRun {
  let start: UnsafeMutablePointer<Double>
  let count: Int
}
