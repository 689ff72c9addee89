import Scheduler
import Schedules

/// A search for the fewest weights with which the model still holds: an `alternate` with `until`.
///
/// Its own result is the last model that held, and its key follows from the settings, so that the keys
/// of later stages are known before anything runs. Trials are stages of their own that `Plan.expanded`
/// puts before it, as far as is decided.
package struct SearchAction: Sendable {
  package let search: SparsitySearch
  package let test: SearchTest
  let pruning: PruningTemplate
  package let finetune: TrainSettings
  /// The key of the stage that each trial rewinds to, or the root's; nil for none.
  var origin: String?
  /// The key of the nearest model up to the search's beginning that no pruning or rewinding made.
  var unpruned = ""
  /// Whether a later stage goes on from the moments that came with the model.
  package private(set) var keepsOptimizer = false
  /// The key of the last model that held, as far as is known.
  package internal(set) var source = ""

  init(
    search: SparsitySearch, test: SearchTest, pruning: PruningTemplate, finetune: TrainSettings
  ) {
    self.search = search
    self.test = test
    self.pruning = pruning
    self.finetune = finetune
  }

  /// The same, storing the optimizer's moments or not.
  func keepingOptimizer(_ keeps: Bool) -> SearchAction {
    var action = self
    action.keepsOptimizer = keeps
    return action
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
