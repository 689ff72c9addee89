/// A given fraction of what is left in every round: 1 − s = (1 − s₀)·(1 − f)^i.
///
/// Two of target, rounds and fraction are enough, the third follows:
/// - Target without rounds: rounds follow until the target is reached. The last round is clipped to
///   the target; there is always at least one.
/// - Rounds without target: the target is what the last round reaches.
/// - Both: the round that would pass the target is clipped to it and later rounds stay there.
///   Rounds that end below the target are an error, because a last jump would not be a constant
///   fraction.
///
/// Source: iterative magnitude pruning of Frankle and Carbin, "The lottery ticket hypothesis",
/// 2019, where f = 0.2.
package struct FractionCurve: Sendable, Equatable {
  /// Which part of the weights left goes in each round, in (0, 1).
  package let fraction: Double

  /// Densities that are this close to the target's, relatively, have reached it. So 0.2 reaches
  /// 0.36 in two rounds although 0.8·0.8 > 1 − 0.36 in Double.
  private static let tolerance = 1e-9

  /// - Throws: `SparsityError.fractionOutOfRange` outside (0, 1).
  package init(_ fraction: Double) throws(SparsityError) {
    guard fraction > 0, fraction < 1 else { throw .fractionOutOfRange(fraction) }
    self.fraction = fraction
  }

  /// That of the formula which goes by the same sequence.
  static let name = CurveFormula.exponential.rawValue

  package func sparsities(
    from start: Sparsity, to target: Sparsity?, rounds: Int?
  ) throws(SparsityError) -> [Sparsity] {
    if let rounds { try CurveEnds.check(rounds: rounds) }
    guard let target else {
      guard let rounds else { throw .targetMissing(curve: Self.name) }
      return try unclipped(from: start, rounds: rounds)
    }
    guard target >= start else { throw .targetBelowStart(target: target, start: start) }
    let path = clipped(from: start, to: target)
    guard let rounds else {
      guard let path else {
        throw .fractionNeedsTooManyRounds(
          fraction: fraction, target: target, limit: CurveEnds.maximumRounds)
      }
      return path
    }
    if let path, path.count <= rounds {
      return path + Array(repeating: target, count: rounds - path.count)
    }
    let reached = 1 - densities(from: start, rounds: rounds).last!
    throw .fractionMissesTarget(
      fraction: fraction, rounds: rounds, reached: Sparsity(unchecked: reached), target: target,
      needed: path?.count)
  }

  /// As many rounds as the target takes; nil above the limit.
  private func clipped(from start: Sparsity, to target: Sparsity) -> [Sparsity]? {
    let enough = (1 - target.fraction) * (1 + Self.tolerance)
    var path: [Sparsity] = []
    for density in densities(from: start, rounds: CurveEnds.maximumRounds) {
      guard density > enough else { return path + [target] }
      path.append(Sparsity(unchecked: max(start.fraction, 1 - density)))
    }
    return nil
  }

  /// - Throws: `SparsityError.notASparsity` where so little is left that it rounds to nothing.
  private func unclipped(
    from start: Sparsity, rounds: Int
  ) throws(SparsityError) -> [Sparsity] {
    var path: [Sparsity] = []
    for density in densities(from: start, rounds: rounds) {
      path.append(try Sparsity(max(start.fraction, 1 - density)))
    }
    return path
  }

  /// The density after each of the rounds.
  private func densities(from start: Sparsity, rounds: Int) -> [Double] {
    var density = 1 - start.fraction
    return (0..<rounds).map { _ in
      density *= 1 - fraction
      return density
    }
  }
}
