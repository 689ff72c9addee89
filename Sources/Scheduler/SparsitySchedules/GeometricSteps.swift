import Glibc

/// Counts on the way from what is left to a target in steps that each keep the same share.
package enum GeometricSteps {
  /// The most steps of one stage.
  package static let mostSteps = 1000

  /// The exact number of weights left after each of `steps` steps from `start` down to `target`: the
  /// geometric sequence, rounded; never rising, and `target` at last.
  ///
  /// A target of 0 is reached from 1.
  package static func counts(from start: Int, to target: Int, steps: Int) -> [Int] {
    precondition(steps >= 1 && target >= 0 && target <= start, "steps down to a target")
    let (first, ratio) = (Double(max(start, 1)), Double(max(target, 1)) / Double(max(start, 1)))
    var last = start
    return (1...steps).map { step in
      if step == steps { return target }
      let share = pow(ratio, Double(step) / Double(steps))
      last = max(target, min(last, Int((first * share).rounded())))
      return last
    }
  }
}
