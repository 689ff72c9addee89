import Datasets
import NeuralNetworks
import Scheduler
import Schedules
import Storage

/// One stage as it will run: everything about it is known but the weights themselves.
package struct PlannedStage: Sendable {
  /// Unique in the plan and stable: `train`, `alternate/03/prune`.
  package let name: String
  package let kind: StageKind
  /// From 1.
  package internal(set) var position: Int
  /// SHA-256 that names the stage's result.
  package let key: String
  /// The key of the stage it goes on from, or the root's.
  package let parent: String
  /// All settings that its result depends on, with defaults.
  package let settings: JSONValue
  package internal(set) var action: StageAction
  /// Weights left in the network when the stage ends; nil for a stage that finds out itself and has not
  /// ended, and behind it.
  package internal(set) var weights: Int?
  /// Weights left in each layer, where they are known before anything runs.
  package let layers: [Int]?
  /// Between which counts each layer ends up, whatever is measured.
  package let bounds: [ClosedRange<Int>]
  /// Share of the network's weights removed when the stage ends, where `weights` are known.
  package internal(set) var sparsity: Double?
  /// The trial of a search that the stage belongs to; nil for the schedule's own stages.
  package var trial: TrialPlace? = nil

  /// The key of the stage whose model this one goes on from: the parent, or, of a search, the last of
  /// its trials that is known to hold.
  package var source: String {
    if case .search(let action) = self.action { return action.source }
    return parent
  }

  /// Whether only running the stage tells how many weights it leaves.
  package var findsWeights: Bool { action.findsWeights }

  /// What a call may take, of a stage that prunes to a limit of milliseconds; nil for others.
  package var callTime: CallTime? {
    if case .prune(let action) = action { return action.budget.callTime }
    return nil
  }

  /// Weights left in the network when the stage ends, at most.
  package var mostWeights: Int { weights ?? bounds.reduce(0) { $0 + $1.upperBound } }

  /// Whether `network` has as many weights as the stage leaves.
  package func admits(_ network: Network) -> Bool {
    weights.map { network.remaining == $0 }
      ?? zip(bounds, network.layers).allSatisfy { $0.contains($1.remaining) }
  }

  /// Epochs of a training stage, at most.
  package var epochs: Int? {
    if case .train(let action) = action { return action.epochs.count }
    return nil
  }
}

/// What a stage does to the model.
package enum StageAction: Sendable {
  case train(TrainingAction)
  case prune(PruningAction)
  case rewind(RewindAction)
  /// Looks for the fewest weights with which the model holds.
  case search(SearchAction)
  /// Measures one part of the data.
  case evaluate(DataPartName)

  /// Whether only running it tells how many weights it leaves.
  var findsWeights: Bool {
    switch self {
    case .search: true
    case .prune(let action): action.kept == nil
    case .train, .rewind, .evaluate: false
    }
  }
}

/// A train or finetune stage.
package struct TrainingAction: Sendable {
  package let settings: TrainingSettings
  /// Which of the settings' epochs, counted from 0: all, but for parts of a stage that a later rewind
  /// goes back into.
  package let epochs: Range<Int>
  /// The name that decides the order of the samples: that of the whole stage.
  package let orderName: String
  /// Whether the optimizer goes on from the parent's moments.
  package let continuesOptimizer: Bool
  /// Whether a later stage goes on from this one's moments, so that its checkpoint has them.
  package let keepsOptimizer: Bool
  /// When the stage ends before its last epoch; nil for never.
  package var recovery: RecoveryAction? = nil
}

/// The end of a fine-tuning that lasts until the loss is back where it was before the pruning.
package struct RecoveryAction: Sendable, Equatable {
  /// The fewest epochs.
  package let minimumEpochs: Int
  /// The key of the stage, or the root, whose validation loss is to be reached: the nearest model
  /// before that no pruning or rewinding made.
  package let reference: String
}

/// A rewind stage.
package struct RewindAction: Sendable {
  /// The key of the stage whose weights come back, or the root's.
  package let origin: String
  /// Whether a later stage goes on from the moments that came with the model.
  package let keepsOptimizer: Bool
}

/// A prune stage.
package struct PruningAction: Sendable {
  /// Weights the whole network keeps; nil where that follows from what its layers take.
  package let kept: Int?
  package let criterion: CriterionSettings
  package let budget: Budget
  /// One element a layer.
  package let limits: [LayerLimits]
  /// Whether a later stage goes on from the moments that came with the model.
  package let keepsOptimizer: Bool
}
