import Runs
import Schedules

/// What a stage of a schedule was decoded as.
package enum DecodedStage {
  case train(TrainSettings)
  case finetune(TrainSettings)
  case prune(PruneSettings)
  case alternate(AlternateSettings)
  case search(SearchSettings)
  case rewind(RewindSettings)
  case evaluate(EvaluateSettings)
}

extension ScheduledStage {
  /// With its kind as a case.
  package var decoded: DecodedStage {
    switch entry {
    case let entry as TrainEntry: .train(entry.settings)
    case let entry as FinetuneEntry: .finetune(entry.settings)
    case let settings as PruneSettings: .prune(settings)
    case AlternateEntry.rounds(let settings): .alternate(settings)
    case AlternateEntry.search(let settings): .search(settings)
    case let settings as RewindSettings: .rewind(settings)
    case let settings as EvaluateSettings: .evaluate(settings)
    default: preconditionFailure("a kind without a test")
    }
  }
}
