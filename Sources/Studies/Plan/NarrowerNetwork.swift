/// The widths of a dense network that is as small as a pruned one.
package enum NarrowerNetwork {
  /// `widths` with the hidden layers scaled by one factor, the largest at which the network has at most
  /// `limit` weights; no layer gets narrower than 1 unit.
  ///
  /// - Parameter widths: of inputs, hidden layers and outputs.
  /// - Returns: nil where even hidden layers of 1 unit have more weights, or there is none.
  package static func widths(_ widths: [Int], atMost limit: Int) -> [Int]? {
    guard widths.count > 2, weights(scaled(widths, by: 0)) <= limit else { return nil }
    // The count grows with the factor, in steps; after 60 halvings the two ends are neighbours.
    var (low, high) = (0.0, 1.0)
    if weights(widths) <= limit { return widths }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if weights(scaled(widths, by: middle)) <= limit { low = middle } else { high = middle }
    }
    return scaled(widths, by: low)
  }

  /// Weights of a network of these widths.
  package static func weights(_ widths: [Int]) -> Int {
    zip(widths, widths.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func scaled(_ widths: [Int], by factor: Double) -> [Int] {
    widths.enumerated().map { index, width in
      if index == 0 || index == widths.count - 1 { return width }
      return max(1, Int((Double(width) * factor).rounded()))
    }
  }
}
