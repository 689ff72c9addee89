import ArgumentParser
import Runs
import Storage

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show every stage with the exact number of weights it leaves, before anything runs.")

  @OptionGroup var options: ScheduleOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let plan = try options.plan().withoutTrials
    try output.print(plan.json, or: PlanTable.lines(of: plan))
  }
}

extension Plan {
  /// The form of `plan --json`.
  fileprivate var json: JSONValue {
    [
      "format": 1, "name": .string(name),
      "stages": .array(
        stages.map { stage in
          var json: JSONValue = [
            "name": .string(stage.name), "kind": .string(stage.kind.rawValue),
            "key": .string(stage.key), "epochs": JSONValue(stage.epochs),
            "sparsity": JSONValue(stage.sparsity), "weights": JSONValue(stage.weights),
            "layers": layerCounts(of: stage).map { .array($0.map(\.json)) } ?? .null,
          ]
          if let call = stage.callTime {
            json["limit"] = [
              "milliseconds": JSONValue(call.milliseconds), "batch": JSONValue(call.batch),
            ]
          }
          if case .search(let action) = stage.action { json["search"] = action.json }
          return json
        }),
    ]
  }
}
