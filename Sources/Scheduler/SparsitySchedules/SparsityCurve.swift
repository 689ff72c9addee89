/// How sparsity grows over the rounds of an alternation.
///
/// One rule for the end points holds for every curve: of R rounds, round i stands at progress i/R.
/// The start, progress 0, is what the network already has and is not itself a round, so round 1
/// moves already; round R stands at progress 1 and is exactly the target. In between, values
/// never fall and lie between start and target.
package protocol SparsityCurve: Sendable {
  /// The name of the curve in a schedule.
  var name: String { get }

  /// The lowest sparsity the curve itself states, if it states any.
  var lowestStated: Sparsity? { get }

  /// The sparsity after each of the rounds 1…R.
  ///
  /// `target` or `rounds` may be nil where the curve says what follows then.
  ///
  /// - Throws: `SparsityError` for a target below the start, for rounds outside
  ///   1…`CurveEnds.maximumRounds`, for what is missing, and for what the curve itself cannot do.
  func sparsities(
    from start: Sparsity, to target: Sparsity?, rounds: Int?
  ) throws(SparsityError) -> [Sparsity]
}

extension SparsityCurve {
  package var lowestStated: Sparsity? { nil }
}

/// A curve that is a formula in the progress p = i/R.
package protocol ProgressCurve: SparsityCurve {
  /// The removed fraction at `progress` in (0, 1) between the removed fractions `start` and
  /// `target`.
  func fraction(at progress: Double, from start: Double, to target: Double) -> Double
}

extension ProgressCurve {
  package func sparsities(
    from start: Sparsity, to target: Sparsity?, rounds: Int?
  ) throws(SparsityError) -> [Sparsity] {
    guard let rounds else { throw .roundsMissing(curve: name) }
    let ends = try CurveEnds(curve: name, start: start, target: target, rounds: rounds)
    var last = start.fraction
    return (1...rounds).map { round in
      guard round < rounds else { return ends.target }
      let progress = Double(round) / Double(rounds)
      let value = fraction(at: progress, from: start.fraction, to: ends.target.fraction)
      // Rounding could leave the range by a unit in the last place.
      last = min(ends.target.fraction, max(last, value))
      return Sparsity(unchecked: last)
    }
  }
}

/// Checked end points of a curve.
package struct CurveEnds {
  /// The most rounds an alternation may have; each one is a checkpoint.
  package static let maximumRounds = 10_000

  /// Where the curve ends, at or above the start.
  let target: Sparsity

  /// - Throws: `SparsityError.targetMissing`, `.targetBelowStart`, `.roundsOutOfRange`.
  init(
    curve: String, start: Sparsity, target: Sparsity?, rounds: Int
  ) throws(SparsityError) {
    try Self.check(rounds: rounds)
    guard let target else { throw .targetMissing(curve: curve) }
    guard target >= start else { throw .targetBelowStart(target: target, start: start) }
    self.target = target
  }

  /// - Throws: `SparsityError.roundsOutOfRange`.
  static func check(rounds: Int) throws(SparsityError) {
    guard rounds >= 1, rounds <= maximumRounds else {
      throw .roundsOutOfRange(rounds: rounds, limit: maximumRounds)
    }
  }
}
