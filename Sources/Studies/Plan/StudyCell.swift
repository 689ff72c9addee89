import ModelFiles
import NeuralNetworks
import Pruning
import Runs
import Scheduler
import Storage

/// One row of a study's results before it is measured.
package struct StudyCell: Sendable {
  /// What the network is compared for.
  package enum Subject: Sendable {
    /// The dense network.
    case unpruned
    /// A narrower dense network of these widths.
    case narrower(widths: [Int])
    /// The dense network pruned by a method, with a stage for every round.
    case pruned([PruneStage])
    /// What a study of another kind than pruning measures.
    case measured(any StudyMeasurement)

    /// What prunes it, round by round; empty for baselines.
    var prunings: [PruneStage] {
      if case .pruned(let stages) = self { stages } else { [] }
    }

    /// Whether it begins with the dense network of its group.
    var needsDense: Bool {
      switch self {
      case .unpruned, .pruned: true
      case .narrower: false
      case .measured(let measurement): measurement.needsDense
      }
    }

    /// Whether it is measured in `round`, from 1, before it is trained on.
    func isMeasured(beforeTrainingInRound round: Int) -> Bool {
      switch self {
      case .unpruned: round == 1
      case .narrower, .measured: false
      case .pruned(let stages): round == stages.count
      }
    }
  }

  /// SHA-256 over all that the result depends on.
  package let key: String
  package let subject: Subject
  /// Weights that are left.
  package let weights: Int
  package let identity: StudyCellIdentity
  /// Multiply-adds of the training, to tell how much there is left to do.
  package let cost: Double
}

/// A dense network and all cells that come from it, or compare with it.
package struct StudyGroup: Sendable {
  /// SHA-256 over all that the dense network depends on.
  package let key: String
  /// The position of the data set in the plan.
  package let dataset: Int
  package let datasetName: String
  /// The position of the data in the study's sources.
  package let source: Int
  /// The trained network that is the dense one; nil for one that the study trains.
  package let start: Network?
  /// Of the dense network.
  package let architecture: Architecture
  /// The share of the units of each hidden layer that training leaves out; empty for none.
  package let dropout: [Double]
  package let model: String
  package let seed: UInt64
  /// One list a method or baseline: cells that share what scoring measures.
  package let batches: [[StudyCell]]
  /// Multiply-adds of the dense network's training.
  package let cost: Double
  /// All settings that the dense network depends on, but for data and seed.
  package let settings: JSONValue

  /// Whether the study trains the dense network, for cells that begin with it.
  package var trainsDense: Bool {
    start == nil && batches.contains { $0.contains { $0.subject.needsDense } }
  }

  /// The name of the dense network's checkpoint.
  package var fileName: String {
    let place = "\(dataset + 1)-\(model)-seed-\(seed)"
    return "dense-\(place)\(CheckpointName.ending(key: key))"
  }
}
