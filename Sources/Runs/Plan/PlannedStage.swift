import Datasets
import NeuralNetworks
import Scheduler
import Schedules
import Storage

/// One stage as it will run: everything about it is known but the weights themselves.
package struct PlannedStage: Sendable {
  /// Unique in the plan and stable: `train`, `alternate/03/prune`.
  package let name: String
  /// From 1.
  package internal(set) var position: Int
  /// SHA-256 that names the stage's result.
  package let key: String
  package let links: StageLinks
  /// All settings that its result depends on, with defaults.
  package let settings: JSONValue
  package let action: StageAction
  /// The key of the stage whose model this one goes on from: the parent, or, of a search, the last of
  /// its trials that is known to hold.
  package internal(set) var source: String
  /// Weights left in the network when the stage ends; nil for a stage that finds out itself and has not
  /// ended, and behind it.
  package internal(set) var weights: Int?
  /// Weights left in each layer, where they are known before anything runs.
  package let layers: [Int]?
  /// Between which counts each layer ends up, whatever is measured.
  package let bounds: [ClosedRange<Int>]
  /// Whether layers may have fewer units than the plan's architecture, since a stage has left some out.
  package let isShrunk: Bool
  /// Share of the weights that the run began with which is removed when the stage ends, where `weights` are
  /// known.
  package internal(set) var sparsity: Double?
  /// The trial of a search that the stage belongs to; nil for the schedule's own stages.
  package let trial: TrialPlace?

  package var kind: StageKind { action.stage.kind }

  /// The files that it writes outside the run's folder.
  var files: [String] { if case .leaf(let leaf) = action { leaf.files } else { [] } }

  /// The key of the stage it goes on from, or the root's.
  package var parent: String { links.parent }

  /// Whether `network` can be what the stage ends in: one of `architecture`, or a part of one.
  package func fits(_ network: Network, _ architecture: Architecture) -> Bool {
    isShrunk ? architecture.contains(network) : architecture.fits(network)
  }

  /// Whether only running the stage tells how many weights it leaves.
  package var findsWeights: Bool { action.modelStage?.findsWeights == true }

  /// What a call may take, of a stage that prunes to a limit of milliseconds; nil for others.
  package var callTime: CallTime? { action.modelStage?.callTime }

  /// Weights left in the network when the stage ends, at most.
  package var mostWeights: Int { weights ?? bounds.reduce(0) { $0 + $1.upperBound } }

  /// Whether `network` has as many weights as the stage leaves.
  package func admits(_ network: Network) -> Bool {
    weights.map { network.remaining == $0 }
      ?? zip(bounds, network.layers).allSatisfy { $0.contains($1.remaining) }
  }

  /// Epochs of a training stage, at most.
  package var epochs: Int? { action.stage.epochs?.upperBound }

  /// The keys of the models that computing it begins with, goes back to, or compares with.
  package var needs: [String] {
    // The trials of a search are compared with the model before it.
    if case .search = action { return [source, parent] }
    return [source] + (links.origin.map { [$0] } ?? [])
  }
}

/// How a stage hangs together with others, by their keys; the root's stands for the model before the
/// first stage.
package struct StageLinks: Sendable, Equatable {
  /// The stage it goes on from.
  package let parent: String
  /// The stage that it, or each trial of it, goes back to; nil for none.
  package let origin: String?
  /// The nearest model before it that no pruning or rewinding made: what a fine-tuning is to recover.
  package let unpruned: String
  /// Whether a later stage goes on from the optimizer's moments, so that its checkpoint has them.
  package let keepsOptimizer: Bool
}

/// A stage before it has a key.
struct StageDraft {
  let name: String
  let action: StageAction
  let weights: Int?
  let layers: [Int]?
  let bounds: [ClosedRange<Int>]
  /// Whether layers may have fewer units than the architecture.
  var isShrunk = false
  /// What it, or each trial of it, goes back to.
  var origin: ModelPlace?
}

/// What all keys of a plan are derived from beside the stages themselves.
struct PlanIdentity {
  let facts: DataFacts
  let seed: UInt64
  /// Of the network.
  let weightCount: Int

  /// `draft` with its key, which depends on all that its result depends on.
  func stage(
    _ draft: StageDraft, links: StageLinks, position: Int = 0, trial: TrialPlace? = nil
  ) -> PlannedStage {
    var settings = draft.action.stage.keyMaterial(name: draft.name)
    settings["kind"] = .string(draft.action.stage.kind.rawValue)
    if let origin = links.origin { settings["origin"] = .string(origin) }
    if links.keepsOptimizer { settings["keeps_optimizer"] = true }
    let canonical = JSONValue.object(settings)
    return PlannedStage(
      name: draft.name, position: position,
      key: StageKey.derive(parent: links.parent, settings: canonical, facts: facts, seed: seed),
      links: links, settings: canonical, action: draft.action, source: links.parent,
      weights: draft.weights, layers: draft.layers, bounds: draft.bounds,
      isShrunk: draft.isShrunk,
      sparsity: draft.weights.map { Double(weightCount - $0) / Double(weightCount) }, trial: trial)
  }
}
