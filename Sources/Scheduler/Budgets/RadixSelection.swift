/// Where a ranking is cut: keys below `key` are on the lower side, and of the equal ones the first
/// `ties`.
struct RankingCut: Equatable {
  /// The key at the cut.
  let key: UInt32
  /// How many keys equal to `key` are on the lower side.
  let ties: Int

  /// Nothing is on the lower side.
  static let none = RankingCut(key: 0, ties: 0)
}

/// Finds a cut by three histograms over 11 + 10 + 10 bits instead of sorting.
///
/// The bit pattern of a Float that is finite and not negative, sign dropped so that −0 is 0, is
/// ordered like the number itself and has 31 bits.
enum RadixSelection {
  /// One of the three histograms: which keys count, and which of their bits choose the bin.
  struct Pass {
    /// The bits found so far.
    let prefix: UInt32
    /// Which bits those are.
    let mask: UInt32
    /// How far down the bits of this pass lie.
    let shift: UInt32

    /// Whether a key agrees with what is found so far.
    func admits(_ key: UInt32) -> Bool { key & mask == prefix }

    /// The bin of an admitted key.
    func bin(_ key: UInt32) -> Int { Int((key & ~mask) >> shift) }
  }

  /// The cut below which exactly `count` keys lie.
  ///
  /// - Parameter tally: adds the keys that a pass admits to its 2,048 bins; always out of the same
  ///   keys, of which there must be at least `count`.
  static func cut(after count: Int, tally: (Pass, inout [Int]) -> Void) -> RankingCut {
    if count == 0 { return .none }
    var prefix: UInt32 = 0
    var mask: UInt32 = 0x8000_0000
    var left = count
    for shift: UInt32 in [20, 10, 0] {
      var bins = Array(repeating: 0, count: 2048)
      tally(Pass(prefix: prefix, mask: mask, shift: shift), &bins)
      var bin = 0
      while bins[bin] < left {
        left -= bins[bin]
        bin += 1
      }
      prefix |= UInt32(bin) << shift
      mask = ~((1 << shift) - 1)
    }
    return RankingCut(key: prefix, ties: left)
  }

  /// The cut below which the `count` lowest of `importances` lie.
  static func cut(after count: Int, of importances: [Float]) -> RankingCut {
    if count == 0 { return .none }
    if importances.count <= 2048 {
      let keys = importances.map(\.rankingKey).sorted()
      let key = keys[count - 1]
      return RankingCut(key: key, ties: count - keys.firstIndex(of: key)!)
    }
    return cut(after: count) { pass, bins in
      for value in importances where pass.admits(value.rankingKey) {
        bins[pass.bin(value.rankingKey)] += 1
      }
    }
  }
}

extension Float {
  /// An integer that is ordered like the number, for numbers that are finite and not negative.
  var rankingKey: UInt32 { bitPattern & 0x7fff_ffff }
}
