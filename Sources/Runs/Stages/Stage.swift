import ModelFiles
import NeuralNetworks
import Pruning
import Scheduler
import Storage

/// What one stage of a plan does: a value of configuration, and a function of a model. A kind of stage
/// is one file with a type that is a `ModelStage` or a `LeafStage`.
package protocol Stage: Sendable {
  var kind: StageKind { get }

  /// All that the result depends on beside parent, data and seed, defaults written out, for the stage
  /// called `name`.
  func keyMaterial(name: String) -> JSONObject

  /// The fewest and the most epochs; nil for a stage that does not train.
  var epochs: ClosedRange<Int>? { get }

  /// What it holds in memory at once, at least.
  func memory(_ architecture: Architecture) -> StageMemory
}

extension Stage {
  package var epochs: ClosedRange<Int>? { nil }
  package func memory(_ architecture: Architecture) -> StageMemory { StageMemory() }
}

/// A stage that makes another model of the one before it.
package protocol ModelStage: Stage {
  /// What is known of the weights that it leaves before it runs.
  var leaves: WeightKnowledge { get }

  /// Whether it ends in a trained model, such as a fine-tuning after a pruning is to recover.
  var trains: Bool { get }

  /// Whether its training ends when the validation loss no longer falls.
  var stopsEarly: Bool { get }

  /// What a call may take that it prunes to, so that it goes by the times of layers; nil for none.
  var callTime: CallTime? { get }

  /// How it prunes; nil where it does not.
  var pruning: PruningTemplate? { get }

  /// Whether it needs the optimizer's moments of the model before it, given whether those of its own
  /// model are needed later.
  func needsMoments(keeping: Bool) -> Bool

  /// What it takes beside its checkpoint.
  var cost: StageCost { get }

  /// Whether it, `stage` of `plan`, can go on from `saved`, which has its key and the plan's
  /// architecture: progress that was not made for it would be refused later in harsher ways.
  func canContinue(from saved: CheckpointContents, as stage: PlannedStage, in plan: Plan) -> Bool

  /// The model after the stage. It has whatever moments come of it; who stores it knows whether they
  /// are kept.
  ///
  /// - Throws: `RunFailure`, and what `work` throws.
  func run(from start: StageStart, _ work: StageWork) throws -> StageResult
}

extension ModelStage {
  package var leaves: WeightKnowledge { .exactly }
  /// Whether only running it tells how many weights it leaves.
  package var findsWeights: Bool { leaves != .exactly }
  package var trains: Bool { false }
  package var stopsEarly: Bool { false }
  package var callTime: CallTime? { nil }
  package var pruning: PruningTemplate? { nil }
  package func needsMoments(keeping: Bool) -> Bool { keeping }
  package var cost: StageCost { .none }
  package func canContinue(
    from saved: CheckpointContents, as stage: PlannedStage, in plan: Plan
  ) -> Bool { false }
}

/// What a plan says of the weights that a stage leaves.
package enum WeightKnowledge: Sendable {
  /// How many there are.
  case exactly
  /// How many there are at most: a later stage can still say to how many it prunes.
  case atMost
  /// Nothing that a later stage could build on.
  case open
}

/// A stage that looks at the model before it and leaves it alone: nobody's parent, without checkpoint.
package protocol LeafStage: Stage {
  /// The files outside the run's folder that it writes, from the root, with all links followed.
  var files: [String] { get }

  /// - Parameter model: whose stage is the parent.
  /// - Throws: `RunFailure`, `StoreError`, and what `work` throws.
  func run(on model: ModelState, _ work: LeafWork) throws -> LeafResult
}

extension LeafStage {
  package var files: [String] { [] }

  /// Whether what `record` says of it still holds: the files that it has written are there.
  func isDone(_ record: StageRecord) -> Bool {
    record.files.map(\.path) == files && record.files.allSatisfy(\.isIntact)
  }
}

/// What a stage yields: a model, or nothing that another stage goes on from. A search yields the model of
/// one of its trials, which are stages of their own.
package enum StageAction: Sendable {
  case model(any ModelStage)
  case search(SearchStage)
  case leaf(any LeafStage)

  /// What all have in common.
  package var stage: any Stage {
    switch self {
    case .model(let stage): stage
    case .search(let stage): stage
    case .leaf(let stage): stage
    }
  }

  /// The function from model to model; nil for a leaf.
  package var modelStage: (any ModelStage)? {
    switch self {
    case .model(let stage): stage
    case .search(let stage): stage
    case .leaf: nil
    }
  }
}

/// What a stage takes at most beside its checkpoint.
package struct StageCost: Sendable {
  /// Networks, and pairs of optimizer's moments, in its saved progress.
  package var networks = 0
  package var moments = 0
  /// Whether these may have all weights, rather than those that the stage leaves.
  package var hasAllWeights = false

  /// Of a stage that saves no progress.
  package static let none = StageCost()
}

/// What a stage begins with.
package enum StageStart: Sendable {
  /// The model before it.
  case model(ModelState)
  /// Where an earlier session has left it.
  case progress(CheckpointContents)
}

/// What a stage that changes the model comes to.
package struct StageResult: Sendable {
  package var model: ModelState
  /// How a fine-tuning ended that was to recover.
  package var recovery: RecoveryReport? = nil
  /// What a pruning has removed.
  package var pruning: PruningReport? = nil
  /// What shrinking has removed.
  package var shrinking: ShrinkingReport? = nil
}

/// What a leaf comes to.
package struct LeafResult: Sendable {
  package var metrics: [PartMetrics] = []
  /// What an evaluation has found beside them.
  package var evaluation: EvaluationRecord? = nil
  /// What it has written outside the run's folder.
  package var files: [WrittenFile] = []
  /// What of it the user should see.
  package var notices: [Notice] = []
}
