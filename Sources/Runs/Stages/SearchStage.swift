import NeuralNetworks
import Scheduler
import Schedules
import Storage

extension StageKind {
  package static let search = StageKind(model: "search")
}

/// A search for the fewest weights with which the model still holds: an `alternate` with `until`.
///
/// Its own result is the last model that held, and its key follows from the settings, so that the keys
/// of later stages are known before anything runs. Trials are stages of their own that `Plan.expanded`
/// puts before it, as far as is decided.
package struct SearchStage: ModelStage {
  package let search: SparsitySearch
  let settings: SearchSettings
  /// What a trial is made of.
  let round: RoundTemplate

  /// When a trial holds.
  package var test: SearchTest { settings.test }

  package var kind: StageKind { .search }

  package func keyMaterial(name: String) -> JSONObject {
    var json = settings.json
    // Trials draw the order of their samples from their names, which begin with this one.
    json["order"] = .string(name)
    json["prune"] = .object(settings.criterion.resultSettings)
    json["weights"] = JSONValue(search.least)
    return json
  }

  package var leaves: WeightKnowledge { .open }

  package var trains: Bool { settings.finetune != nil }

  /// Where no trial holds, the model before it is what comes out of it.
  package func needsMoments(keeping: Bool) -> Bool {
    keeping || settings.finetune?.continuesOptimizer == true
  }

  /// The model of the last trial that held is the search's.
  package func run(from start: StageStart, _ work: StageWork) -> StageResult {
    guard case .model(let held) = start else {
      preconditionFailure("a search saves no progress of its own")
    }
    return StageResult(model: held)
  }
}

/// Which trial of which search a stage belongs to.
package struct TrialPlace: Sendable, Equatable {
  /// The search's key.
  package let search: String
  package let trial: SearchTrial
  /// The name of the stage that the trial goes on from; nil for the model before the search.
  package let base: String?
}
