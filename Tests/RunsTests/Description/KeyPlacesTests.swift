import Runs
import Schedules
import Testing

@Suite("Places of keys") struct KeyPlacesTests {
  private func paths(_ path: String) -> [String]? {
    if case .found(let places) = RunSchedule.description.lookup(path) {
      places.map(\.path)
    } else {
      nil
    }
  }

  @Test(
    "every key is found from the top, by its stage's position, and by the end of its path",
    arguments: [
      (
        "stages.alternate.finish.early_stop.patience", "stages.alternate.finish.early_stop.patience"
      ),
      ("stages[0].train", "stages.train"), ("stages.0.train.epochs", "stages.train.epochs"),
      ("alternate.sparsity.to", "stages.alternate.sparsity.to"),
      ("finish.early_stop.patience", "stages.alternate.finish.early_stop.patience"),
      ("optimizer.adamw.weight_decay", "training.optimizer.adamw.weight_decay"),
      ("stages.alternate.budget.layers.output.keep", "stages.alternate.budget.layers.output.keep"),
    ])
  func found(path: String, place: String) throws {
    let found = try #require(paths(path))
    #expect(found.contains(place))
  }

  @Test("every setting that there is, is found by its full path")
  func all() {
    let root = RunSchedule.description
    for place in root.places {
      #expect(paths(place.path)?.contains(place.path) == true, "\(place.path)")
    }
  }

  @Test("where a path goes wrong is known, and what may stand there")
  func wrong() {
    guard
      case .unknownInside(let key, let under, let allowed) =
        RunSchedule.description.lookup("stages[2].alternate.finish.early_stp")
    else {
      Issue.record("nothing was found wrong")
      return
    }
    #expect(key == "early_stp" && under == "stages.alternate.finish")
    #expect(allowed.contains("early_stop"))
    guard case .unknown("erly") = RunSchedule.description.lookup("erly.patience") else {
      Issue.record("the first key was found")
      return
    }
  }
}
