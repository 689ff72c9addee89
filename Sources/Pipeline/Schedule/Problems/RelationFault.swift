import Scheduler

/// How a value can fail to fit others.
package enum RelationFault: Sendable, Hashable {
  case lossForTask(loss: String, task: String, allowed: [String])
  case notForTask(String, task: String)
  /// A part of the data that is used, but not there.
  case needsPart(String)
  case splitTakesAll(total: String)
  case nothingToContinue
  case noSuchLayer(String, nearest: String?, layers: [String])
  /// A layer for which the policy manual has no density.
  case layerNotStated(String)
  case nesterovWithoutMomentum
  case curve(SparsityListFault)

  /// What a list of sparsities can do wrong.
  package enum SparsityListFault: Sendable, Hashable {
    case falls(round: Int, previous: Double, value: Double)
    case length(values: Int, rounds: Int)
    case missesTarget(last: Double, target: Double)
  }
}

extension RelationFault: CustomStringConvertible {
  /// What is wrong and what is allowed.
  package var description: String {
    switch self {
    case .lossForTask(let loss, let task, let allowed):
      "the loss \(loss) is not for \(task); allowed: \(listed(allowed))"
    case .notForTask(let what, let task): "\(what) is not for \(task); remove it"
    case .needsPart(let part):
      "the data has no \(part) part; give it a share under data.split, or files under data.\(part)"
    case .splitTakesAll(let total):
      "the shares sum to \(total), which leaves nothing for training; make them smaller"
    case .nothingToContinue:
      "no train or finetune stage comes before this one, so there is no optimizer to go on with"
    case .noSuchLayer(let pattern, let nearest, let layers):
      "no layer is called \(quoted(pattern))\(suggestion(nearest)); allowed: \(listed(layers)), and "
        + "patterns such as hidden*"
    case .layerNotStated(let layer):
      "the policy manual needs a density, or keep: true, for \(layer); give it under layers"
    case .nesterovWithoutMomentum:
      "nesterov needs a momentum above 0; give one, such as momentum: 0.9"
    case .curve(let fault): fault.description
    }
  }
}

extension RelationFault.SparsityListFault: CustomStringConvertible {
  /// What is wrong and what is allowed.
  package var description: String {
    switch self {
    case .falls(let round, let previous, let value):
      "the list falls from \(previous) to \(value) in round \(round); removed weights do not come "
        + "back"
    case .length(let values, let rounds):
      "the list has \(values) values for \(rounds) rounds; give one value a round, or leave rounds "
        + "out"
    case .missesTarget(let last, let target):
      "the list ends at \(last) and not at the target \(target); leave one of them out"
    }
  }
}
