/// What can be wrong with a sparsity or with a curve of sparsities.
package enum SparsityError: Error, Equatable {
  /// A fraction outside [0, 1), or not a number.
  case notASparsity(Double)
  /// A count of weights left that does not fit the network.
  case countOutOfRange(kept: Int, total: Int)
  /// A network whose weights are all removed has no sparsity below 1.
  case nothingLeft(total: Int)
  /// A target that would need removed weights to come back.
  case targetBelowStart(target: Sparsity, start: Sparsity)
  /// The curve does not follow without a target.
  case targetMissing(curve: String)
  /// The curve does not follow without the number of rounds.
  case roundsMissing(curve: String)
  /// A number of rounds outside 1…limit.
  case roundsOutOfRange(rounds: Int, limit: Int)
  /// A share of the weights left, to be removed in every round, outside (0, 1).
  case fractionOutOfRange(Double)
  /// Rounds of a constant fraction that end before the target; `needed` is nil above the limit.
  case fractionMissesTarget(
    fraction: Double, rounds: Int, reached: Sparsity, target: Sparsity, needed: Int?)
  /// A constant fraction that needs more rounds than the limit to come to the target.
  case fractionNeedsTooManyRounds(fraction: Double, target: Sparsity, limit: Int)
  /// A list without values.
  case listEmpty
  /// A list that falls at its value number `round`, counted from 1.
  case listFalls(round: Int, previous: Sparsity, value: Sparsity)
  /// A list with another number of values than there are rounds.
  case listLength(values: Int, rounds: Int)
  /// A list that ends elsewhere than at the target.
  case listMissesTarget(last: Sparsity, target: Sparsity)
  /// A list that begins below the sparsity the network already has.
  case listBelowStart(first: Sparsity, start: Sparsity)
}

extension SparsityError: CustomStringConvertible {
  /// What is wrong, and what to write instead.
  package var description: String {
    switch self {
    case .notASparsity(let value):
      let meant = value > 1 && value < 100 ? "; did you mean \(value / 100)?" : ""
      return "\(value) is not a sparsity: it is the fraction removed, "
        + "at least 0 and below 1\(meant)"
    case .countOutOfRange(let kept, let total):
      return "\(kept) weights cannot be left of \(total)"
    case .nothingLeft(let total):
      return "none of the \(total) weights is left, so there is nothing to prune"
    case .targetBelowStart(let target, let start):
      return "the target sparsity \(target) is below the \(start) that the network already has; "
        + "removed weights do not come back, so use a target of at least \(start)"
    case .targetMissing(let curve):
      return "the curve \(curve) needs a target sparsity"
    case .roundsMissing(let curve):
      return "the curve \(curve) needs a number of rounds"
    case .roundsOutOfRange(let rounds, let limit):
      return "\(rounds) rounds are not possible: use 1 to \(limit)"
    case .fractionOutOfRange(let value):
      return "\(value) is not a fraction to remove in each round: use more than 0 and less than 1"
    case .fractionMissesTarget(let fraction, let rounds, let reached, let target, let needed):
      let advice = needed.map { "use \($0) rounds or" } ?? "use"
      return "removing \(fraction) of what is left in each of \(rounds) rounds ends at \(reached), "
        + "below the target \(target); \(advice) a larger fraction"
    case .fractionNeedsTooManyRounds(let fraction, let target, let limit):
      return "removing \(fraction) of what is left in each round needs more than \(limit) rounds "
        + "to reach \(target); use a larger fraction"
    case .listEmpty:
      return "the list of sparsities is empty; give one value a round"
    case .listFalls(let round, let previous, let value):
      return "the list of sparsities falls from \(previous) to \(value) in round \(round); "
        + "removed weights do not come back"
    case .listLength(let values, let rounds):
      return "the list has \(values) sparsities for \(rounds) rounds; give one value a round"
    case .listMissesTarget(let last, let target):
      return "the list of sparsities ends at \(last), not at the target \(target)"
    case .listBelowStart(let first, let start):
      return "the list of sparsities begins at \(first), below the \(start) that the network "
        + "already has; removed weights do not come back"
    }
  }
}
