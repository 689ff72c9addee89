/// How a layer's count is shared among its rows.
enum RowShares {
  /// For each row, the positions in `kept` (ascending row-major indices) of its weights.
  static func rows(of kept: [Int], inputs: Int, outputs: Int) -> [[Int]] {
    var rows = [[Int]](repeating: [], count: outputs)
    for (position, index) in kept.enumerated() { rows[index / inputs].append(position) }
    return rows
  }

  /// Counts that sum to `total`, none above the row's size, as equal as that allows; where they cannot be
  /// equal, the first rows keep one more.
  static func counts(sizes: [Int], total: Int) -> [Int] {
    precondition(total >= 0 && total <= sizes.reduce(0, +), "no more than there is")
    // The largest level that the total fills: rows below it keep all they have.
    var (low, high) = (0, sizes.max() ?? 0)
    while low < high {
      let middle = (low + high + 1) / 2
      if filled(sizes, to: middle) <= total { low = middle } else { high = middle - 1 }
    }
    var rest = total - filled(sizes, to: low)
    return sizes.map { size in
      if size > low, rest > 0 {
        rest -= 1
        return low + 1
      }
      return min(size, low)
    }
  }

  /// What all rows keep where none keeps more than `level`.
  private static func filled(_ sizes: [Int], to level: Int) -> Int {
    sizes.reduce(0) { $0 + min($1, level) }
  }
}
