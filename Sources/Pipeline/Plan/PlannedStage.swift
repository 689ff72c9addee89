import Formats
import NeuralNetworks
import Scheduler

/// One stage as it will run: everything about it is known but the weights themselves.
package struct PlannedStage: Sendable {
  /// Unique in the plan and stable: `train`, `alternate/03/prune`.
  package let name: String
  package let kind: StageKind
  /// From 1.
  package let position: Int
  /// SHA-256 that names the stage's result.
  package let key: String
  /// The key of the stage it goes on from, or the root's.
  package let parent: String
  /// All settings that its result depends on, with defaults.
  package let settings: JSONValue
  package let action: StageAction
  /// Weights left in the network when the stage ends.
  package let weights: Int
  /// Weights left in each layer, where they are known before anything runs.
  package let layers: [Int]?
  /// Between which counts each layer ends up, whatever is measured.
  package let bounds: [ClosedRange<Int>]
  /// Share of the network's weights removed when the stage ends.
  package let sparsity: Double

  /// Epochs of a training stage.
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
  /// Measures one part of the data.
  case evaluate(DataPartName)
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
  /// Weights the whole network keeps.
  package let kept: Int
  package let criterion: CriterionSettings
  package let policy: any BudgetPolicy
  /// One element a layer.
  package let limits: [LayerLimits]
  /// Whether whole units go.
  package let granularity: PruningGranularity
  /// Whether a later stage goes on from the moments that came with the model.
  package let keepsOptimizer: Bool
}
