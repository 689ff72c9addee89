/// All at once: round 1 reaches the target, any further rounds stay there.
///
/// Without a number of rounds there is one.
package struct OneShotCurve: SparsityCurve {
  package init() {}

  package var name: String { "one_shot" }

  package func sparsities(
    from start: Sparsity, to target: Sparsity?, rounds: Int?
  ) throws(SparsityError) -> [Sparsity] {
    let rounds = rounds ?? 1
    let ends = try CurveEnds(curve: name, start: start, target: target, rounds: rounds)
    return Array(repeating: ends.target, count: rounds)
  }
}

extension SparsityCurve where Self == OneShotCurve {
  /// All at once, in round 1.
  package static var oneShot: OneShotCurve { OneShotCurve() }
}
