/// Divides a whole number of weights among layers in proportion to shares, within bounds.
///
/// Webster's divisor method (Sainte-Laguë): layer l gets s_l·x rounded to the nearest integer and
/// clamped to its bounds, with the one x for which counts sum to the total. The same counts come
/// from handing out weights one by one, from the least counts up, each to the layer with the
/// largest s_l/(2k_l + 1) that is not full, where k_l is what it has so far; the first layer
/// wins a tie. So the counts for a smaller total are nowhere larger, and that is why it is not the
/// method of largest remainders, which can give a layer weights back as the total falls.
///
/// Source: Balinski and Young, "Fair representation", 1982: divisor methods are monotone in the
/// total; bounds do not change that, since both descriptions above carry them.
enum Apportionment {
  /// Counts that sum to `total`, each within its bounds.
  ///
  /// Quotients are compared exactly, in 128 bits, so the result depends on no rounding.
  ///
  /// - Parameters:
  ///   - shares: up to 2^80, positive where a layer's bounds differ.
  ///   - bounds: up to 2^40.
  ///   - total: between the sums of the bounds.
  static func counts(shares: [UInt128], bounds: [LayerBounds], total: Int) -> [Int] {
    let free = bounds.indices.filter { bounds[$0].least < bounds[$0].most }
    precondition(free.allSatisfy { shares[$0] > 0 && shares[$0] >> 80 == 0 })
    var counts = bounds.map(\.least)
    if free.isEmpty { return counts }

    let rates = free.map { Double(shares[$0]) }
    let freeBounds = free.map { bounds[$0] }
    let fixed = bounds.reduce(0) { $0 + ($1.least == $1.most ? $1.least : 0) }
    let wanted = total - fixed
    let multiplier = crossing(rates: rates, bounds: freeBounds, total: wanted)

    // The exact x lies within rounding of the one found: only the last few weights are contested.
    let slack = 1e-12
    let sure = rounded(rates: rates, bounds: freeBounds, multiplier: multiplier * (1 - slack))
    let most = rounded(rates: rates, bounds: freeBounds, multiplier: multiplier * (1 + slack))
    var contested: [Quotient] = []
    for (position, layer) in free.enumerated() {
      counts[layer] = sure[position]
      for count in sure[position]..<most[position] {
        contested.append(Quotient(share: shares[layer], count: count, layer: layer))
      }
    }
    contested.sort()
    for quotient in contested.prefix(wanted - sure.reduce(0, +)) { counts[quotient.layer] += 1 }
    return counts
  }

  /// The claim of a layer that has `count` weights to one more, s/(2k + 1).
  private struct Quotient: Comparable {
    let share: UInt128
    let count: Int
    let layer: Int

    /// The larger quotient comes first, then the earlier layer.
    static func < (left: Quotient, right: Quotient) -> Bool {
      let a = left.share * UInt128(2 * right.count + 1)
      let b = right.share * UInt128(2 * left.count + 1)
      return a == b ? left.layer < right.layer : a > b
    }
  }

  /// The smallest multiplier whose rounded counts sum to at least `total`.
  ///
  /// Positive numbers are ordered like their bit patterns, so 63 halvings find it exactly.
  private static func crossing(rates: [Double], bounds: [LayerBounds], total: Int) -> Double {
    var low: UInt64 = 0
    var high = zip(rates, bounds).reduce(1) { max($0, Double($1.1.most + 1) / $1.0) }.bitPattern
    while low < high {
      let middle = low + (high - low) / 2
      let sum = rounded(rates: rates, bounds: bounds, multiplier: Double(bitPattern: middle))
        .reduce(0, +)
      if sum < total { low = middle + 1 } else { high = middle }
    }
    return Double(bitPattern: low)
  }

  private static func rounded(
    rates: [Double], bounds: [LayerBounds], multiplier: Double
  ) -> [Int] {
    zip(rates, bounds).map { rate, bounds in
      let ideal = (rate * multiplier + 0.5).rounded(.down)
      return Int(min(Double(bounds.most), max(Double(bounds.least), ideal)))
    }
  }
}
