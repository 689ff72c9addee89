/// Division of seats in proportion to weights, with bounds, by the method of Webster
/// (Sainte-Laguë): each gets its weight times one common factor, rounded to the nearest.
enum SeatDivision {
  /// Seats for each weight; they sum to `seats`.
  ///
  /// The bounds `least` and `most` are kept where the sums of them allow; else `least` gives way to
  /// 0 or `most` to `capacity`. Ties go to the first.
  /// - Precondition: `seats` is at most the sum of `capacity`, `most` and `least` at most
  ///   `capacity`, and `least` at most `most` wherever `most` is kept.
  static func seats(
    _ seats: Int, weights: [Int], least: [Int], most: [Int], capacity: [Int]
  ) -> [Int] {
    precondition(seats <= capacity.reduce(0, +), "more seats than room")
    let least = zip(least, most).map { min($0, $1) }
    let lower = least.reduce(0, +) <= seats ? least : least.map { _ in 0 }
    let upper = most.reduce(0, +) >= seats ? most : capacity
    guard seats > lower.reduce(0, +) else { return lower }
    func shares(_ factor: Double) -> [Int] {
      weights.indices.map { i in
        let exact = Double(weights[i]) * factor + 0.5
        // Beyond the upper bound the value may be too large for an Int.
        return exact >= Double(upper[i]) ? upper[i] : max(lower[i], Int(exact))
      }
    }
    // Bisection down to neighbouring factors; shares grow with the factor.
    var low = 0.0
    var high = 1.0
    while shares(high).reduce(0, +) < seats { high *= 2 }
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { break }
      if shares(middle).reduce(0, +) < seats { low = middle } else { high = middle }
    }
    // The two differ by one seat where a share is on the edge of rounding: a tie.
    var result = shares(low)
    let next = shares(high)
    var left = seats - result.reduce(0, +)
    for i in result.indices where left > 0 && next[i] > result[i] {
      result[i] += 1
      left -= 1
    }
    return result
  }
}
