import ArgumentParser

/// Values that the command line puts in place of the schedule's.
struct OverrideOptions: ParsableArguments {
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Put a value in place of the schedule's, such as training.batch=128 or "
        + "stages[0].train.epochs=5; may be repeated.", valueName: "key=value"),
    completion: .settings)
  var values: [String] = []

  func validate() throws {
    for value in values where value.firstIndex(of: "=") ?? value.startIndex == value.startIndex {
      throw ValidationError(
        "--set \(value): give it as KEY=VALUE, such as training.batch=128 or "
          + "stages[0].train.epochs=5")
    }
  }
}
