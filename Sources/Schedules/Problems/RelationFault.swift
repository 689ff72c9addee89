import ModelFiles
import Scheduler
import Storage

/// How a value can fail to fit others.
package enum RelationFault: Sendable, Equatable {
  case lossForTask(loss: String, task: String, allowed: [String])
  case notForTask(String, task: String)
  /// A part of the data that is used, but not there.
  case needsPart(String)
  case splitTakesAll(total: String)
  case nothingToContinue
  /// Training that follows no pruning of the run and is to last until the loss has recovered.
  case nothingToRecover
  case noSuchLayer(String, nearest: String?, layers: [String])
  /// A layer for which the policy manual has no density.
  case layerNotStated(String)
  case nesterovWithoutMomentum
  /// A criterion that ranks weights within rows, with a policy that compares layers.
  case ranksRows(criterion: String, policy: String)
  /// Whole units, with a policy that does not order them.
  case noUnits(policy: String)
  /// A share of the output layer's units, of which none can go.
  case unitsOfOutput
  /// Limits of layers other than `keep` beside groups, which say how much stays.
  case groupsLimited
  /// Rounds that are to be planned for a limit of milliseconds.
  case timedRounds
  /// A criterion whose importances can be negative, with a policy that sums them.
  case ranksSigned(criterion: String, policy: String)
  /// The criterion obd for a loss whose curvature it does not take.
  case lossWithoutCurvature(loss: String)
  /// A refinement toward targets by a loss without curvature.
  case nothingToRefine(target: String, loss: String)
  /// A scale of the data beside a checkpoint to start from, which says how its data are scaled;
  /// `hasOwn`: that they are scaled at all.
  case scaleOfModel(
    file: String, key: String, scale: String, FileModel.Units, hasOwn: Bool)
  /// Something that stands in a study already, so that a result would be there twice.
  case repeated(String)
  /// A stage to rewind to that does not train, or not before.
  case noSuchTraining(String, stages: [String])
  /// A rewinding to an epoch that early stopping may not come to.
  case rewindIntoEarlyStop(String)
  /// A list of sparsities that contradicts itself, its rounds or its target.
  case curve(SparsityError)
  /// A ladder without an order.
  case budget(BudgetError)
  /// What data or networks do not allow; the text says why and what to do.
  case impossible(String)
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
    case .nothingToRecover:
      "training that lasts until the loss has recovered is for the finetune stages of a run; give a "
        + "number of epochs"
    case .noSuchLayer(let pattern, let nearest, let layers):
      "no layer is called \(quoted(pattern))" + choices(layers, nearest: nearest)
        + ", and patterns such as hidden*"
    case .layerNotStated(let layer):
      "the policy manual needs a density, or keep: true, for \(layer); give it under layers"
    case .nesterovWithoutMomentum:
      "nesterov needs a momentum above 0; give one, such as momentum: 0.9"
    case .ranksRows(let criterion, let policy):
      "the criterion \(criterion) ranks weights within their row, so the policy \(policy) has "
        + "nothing to compare layers by; use budget: {policy: uniform}, erk or manual"
    case .noUnits(let policy):
      "the policy \(policy) does not say which units go; with granularity: unit use global, uniform, "
        + "erk, lamp or manual"
    case .unitsOfOutput:
      "the output layer has no units that could go; leave its density out"
    case .groupsLimited:
      "groups say how much of a layer stays, so layers can only have keep: true or false here; "
        + "remove the other keys"
    case .timedRounds:
      "how many weights a limit of milliseconds leaves is found out by measuring, so rounds cannot be "
        + "planned for it; use a prune stage with this budget, and a finetune stage after it"
    case .ranksSigned(let criterion, let policy):
      "the criterion \(criterion) has negative importances, which the policy \(policy) cannot "
        + "sum; use another policy, or gradient_magnitude"
    case .lossWithoutCurvature(let loss):
      "the criterion obd takes the curvature of cross_entropy, binary_cross_entropy or mse, not of "
        + "\(loss); use one of them, or the criterion taylor"
    case .nothingToRefine(let target, let loss):
      "target: \(target) goes by the curvature of the loss, and \(loss) has none; use target: outputs"
    case .scaleOfModel(let file, let key, let scale, .raw, _):
      "the network \(shortened(file)) takes data as they are (the scale that it was trained with is in its "
        + "weights), and \(key): \(scale) would change them; leave \(key) out"
    case .scaleOfModel(let file, let key, let scale, .scaledByFile, let hasOwn),
      .scaleOfModel(let file, let key, let scale, .open, let hasOwn):
      "the checkpoint \(shortened(file)) "
        + (hasOwn ? "brings the scale that it was trained with" : "was trained on unscaled data")
        + ", and \(key): \(scale) would be another; leave \(key) out"
    case .repeated(let what):
      "\(shortened(what)) is there already, and nothing is measured twice; remove one of them"
    case .noSuchTraining(let name, let stages):
      "no train or finetune stage before this one is called \(quoted(name))"
        + (stages.isEmpty
          ? "" : choices(stages, nearest: nearestWord(to: name, among: stages)))
    case .rewindIntoEarlyStop(let stage):
      "early stopping or recovery may end \(stage) before this epoch; leave epoch out, which rewinds "
        + "to its end, or give that stage a fixed number of epochs without early_stop"
    case .curve(let error): error.description
    case .budget(let error): error.description
    case .impossible(let text): text
    }
  }
}
