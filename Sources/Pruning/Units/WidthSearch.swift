/// How many units each hidden layer loses so that a network is left with at most so many weights.
///
/// The rule: each layer loses the most units whose going, after compensation, leaves the relative error of the
/// layer above at or below one threshold ε, the same for all layers, but no more than the step allows. ε is found
/// by bisection: the least at which few enough weights are left.
package struct WidthSearch: Sendable {
  /// Of inputs, hidden layers and outputs.
  package let widths: [Int]
  /// For each hidden layer the relative error when its first, its first two, … units are gone, ascending; as
  /// many as it may lose.
  package let errors: [[Double]]

  package init(widths: [Int], errors: [[Double]]) {
    precondition(errors.count == widths.count - 2, "errors of every hidden layer")
    self.widths = widths
    self.errors = errors
  }

  /// Units that go from each hidden layer at the threshold `threshold`.
  package func removed(under threshold: Double) -> [Int] {
    errors.map { errors in
      // Ascending, so that the first above the threshold ends it.
      errors.firstIndex { $0 > threshold } ?? errors.count
    }
  }

  /// Units that go from each hidden layer so that at most `weights` are left; as many as may go where that does
  /// not do.
  package func removed(leaving weights: Int) -> [Int] {
    let thresholds = Set(errors.joined()).sorted()
    var (low, high) = (0, thresholds.count)
    while low < high {
      let middle = (low + high) / 2
      if self.weights(behind: removed(under: thresholds[middle])) <= weights {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low < thresholds.count ? removed(under: thresholds[low]) : errors.map(\.count)
  }

  /// Weights of the network behind the going of `removed` units of each hidden layer.
  package func weights(behind removed: [Int]) -> Int {
    let left = zip(widths, [0] + removed + [0]).map { $0 - $1 }
    return zip(left, left.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
