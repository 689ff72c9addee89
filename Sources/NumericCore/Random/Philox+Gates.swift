extension Philox {
  /// The bits of an index that stand for columns, and have to be 0 in the index that gates are drawn with.
  package static let gateColumnBits = 18

  /// Writes numbers that are 0 with the probability `rate` and else 1 / (1 − rate), so that they are 1 on
  /// average: [rows, columns], rows `stride` apart.
  ///
  /// Each is a function of (seed, purpose, index, row, column), whichever are written with it. A block of the
  /// generator gives those of four columns: its counter is the row, the purpose, and the index with the
  /// position of the four.
  ///
  /// - Parameters:
  ///   - target: the first row's number at the first of `columns`.
  ///   - columns: begin and end at multiples of four, below 2^20.
  ///   - rate: at least 0 and below 1; it is rounded down to a multiple of 2^-32.
  ///   - index: its last `gateColumnBits` bits are 0.
  package static func fillGates(
    _ target: UnsafeMutablePointer<Float>, rows: Int, columns: Range<Int>, stride: Int,
    rate: Double, seed: UInt64, purpose: Purpose, index: UInt64
  ) {
    precondition(columns.lowerBound % 4 == 0 && columns.upperBound % 4 == 0, "four at a time")
    precondition(rate >= 0 && rate < 1, "a gate that is never open has no mean")
    let key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    let low = UInt32(truncatingIfNeeded: index)
    let high = UInt32(truncatingIfNeeded: index >> 32)
    let (threshold, open) = (UInt32(rate * 0x1p32), Float(1 / (1 - rate)))
    let fours = columns.lowerBound / 4..<columns.upperBound / 4
    for row in 0..<rows {
      var place = target + row * stride
      for four in fours {
        let draws = block(
          counter: (
            UInt32(truncatingIfNeeded: row), purpose.rawValue,
            low | UInt32(truncatingIfNeeded: four), high
          ), key: key)
        place[0] = draws.0 < threshold ? 0 : open
        place[1] = draws.1 < threshold ? 0 : open
        place[2] = draws.2 < threshold ? 0 : open
        place[3] = draws.3 < threshold ? 0 : open
        place += 4
      }
    }
  }
}
