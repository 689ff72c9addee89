/// How sparsity grows over the rounds of an alternation.
///
/// One rule for the end points holds for every curve: of R rounds, round i stands at progress i/R.
/// The start, progress 0, is what the network already has and is not itself a round, so round 1
/// moves already; round R stands at progress 1 and is exactly the target. In between, values
/// never fall and lie between start and target.
package enum SparsityCurve: Sendable, Equatable {
  /// All at once, in round 1; any further rounds stay there. Without a number of rounds there is one.
  case oneShot
  /// A formula in the progress.
  case formula(CurveFormula)
  /// A given fraction of what is left in every round.
  case fraction(FractionCurve)
  /// One stated sparsity for each round.
  case list(ListCurve)

  /// The same number of weights in every round.
  package static let linear = SparsityCurve.formula(.linear)
  /// Zhu and Gupta's curve: much at first, little at the end.
  package static let cubic = SparsityCurve.formula(.cubic)
  /// A constant fraction of what is left, which follows from start, target and rounds.
  package static let exponential = SparsityCurve.formula(.exponential)
  /// Slow at both ends, fastest in the middle.
  package static let cosine = SparsityCurve.formula(.cosine)

  /// The name of the curve in a schedule.
  package var name: String {
    switch self {
    case .oneShot: "one_shot"
    case .formula(let formula): formula.rawValue
    case .fraction: FractionCurve.name
    case .list: "list"
    }
  }

  /// The lowest sparsity the curve itself states, if it states any.
  var lowestStated: Sparsity? {
    if case .list(let list) = self { return list.values[0] }
    return nil
  }

  /// Whether the target follows from the curve where none is stated, given the number of rounds.
  package var givesTarget: Bool {
    switch self {
    case .oneShot, .formula: false
    case .fraction, .list: true
    }
  }

  /// Whether the number of rounds follows from the curve where none is stated, given the target.
  package var givesRounds: Bool {
    switch self {
    case .formula: false
    case .oneShot, .fraction, .list: true
    }
  }

  /// The sparsity after each of the rounds 1…R.
  ///
  /// `target` or `rounds` may be nil where the curve says what follows then.
  ///
  /// - Throws: `SparsityError` for a target below the start, for rounds outside
  ///   1…`CurveEnds.maximumRounds`, for what is missing, and for what the curve itself cannot do.
  package func sparsities(
    from start: Sparsity, to target: Sparsity?, rounds: Int?
  ) throws(SparsityError) -> [Sparsity] {
    switch self {
    case .oneShot:
      let rounds = rounds ?? 1
      let ends = try CurveEnds(curve: name, start: start, target: target, rounds: rounds)
      return Array(repeating: ends.target, count: rounds)
    case .formula(let formula):
      guard let rounds else { throw .roundsMissing(curve: name) }
      let ends = try CurveEnds(curve: name, start: start, target: target, rounds: rounds)
      return formula.sparsities(from: start, to: ends.target, rounds: rounds)
    case .fraction(let curve): return try curve.sparsities(from: start, to: target, rounds: rounds)
    case .list(let list): return try list.sparsities(from: start, to: target, rounds: rounds)
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
