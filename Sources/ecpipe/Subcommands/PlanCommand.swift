import ArgumentParser
import Formats
import Pipeline

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show every stage with the exact number of weights it leaves, before anything runs.")

  @Argument(help: "The schedule, a YAML file.")
  var schedule: String

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Replace a value of the schedule; may be repeated.", valueName: "key=value"))
  var overrides: [String] = []

  @OptionGroup var folders: FolderOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let plan = try preview(schedule, overrides, folders).plan
    if output.json {
      try output.line(plan.json.readable)
    } else {
      for line in plan.lines { try output.line(line) }
    }
  }
}

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check a schedule and its data without running anything.")

  @Argument(help: "The schedule, a YAML file.")
  var schedule: String

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Replace a value of the schedule; may be repeated.", valueName: "key=value"))
  var overrides: [String] = []

  @OptionGroup var folders: FolderOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let plan = try preview(schedule, overrides, folders).plan
    if output.json {
      let json: JSONValue = [
        "format": 1, "name": .string(plan.name), "valid": true,
        "stages": JSONValue(plan.stages.count),
      ]
      try output.line(json.readable)
    } else {
      try output.line(
        "\(schedule): valid; \(plan.stages.count) stages on \(plan.facts.trainingSamples) "
          + "training samples")
    }
  }
}

/// The plan of the schedule at `path`.
private func preview(
  _ path: String, _ overrides: [String], _ folders: FolderOptions
) throws -> RunSession.Preview {
  var options = RunSession.Options(
    checkpoints: folders.folder, environment: { Output.environment($0) }, continueCommand: "")
  options.overrides = overrides
  return try RunSession(schedulePath: path, options: options).preview()
}

extension Plan {
  /// The form of `plan --json`.
  fileprivate var json: JSONValue {
    [
      "format": 1, "name": .string(name),
      "stages": .array(
        stages.map { stage in
          [
            "name": .string(stage.name), "kind": .string(stage.kind.rawValue),
            "key": .string(stage.key), "epochs": JSONValue(stage.epochs),
            "sparsity": JSONValue(stage.sparsity), "weights": JSONValue(stage.weights),
            "layers": layerCounts(of: stage).map { .array($0.map(\.json)) } ?? .null,
          ]
        }),
    ]
  }

  fileprivate var lines: [String] {
    var table = TextTable([
      ("stage", .left), ("epochs", .right), ("sparsity", .right), ("weights", .right),
      ("layers", .left),
    ])
    for stage in stages {
      table.add([
        stage.name, stage.epochs.map(String.init) ?? "", Figures.percent(stage.sparsity, 2),
        Figures.grouped(stage.weights), layerText(stage),
      ])
    }
    let widths = architecture.widths.map(String.init).joined(separator: "-")
    return [
      "\(name): \(widths), \(Figures.grouped(architecture.weightCount)) weights, "
        + "\(Figures.grouped(facts.trainingSamples)) training samples", "",
    ] + table.lines
  }

  /// The counts of a prune stage's layers, or that they follow from the importances.
  private func layerText(_ stage: PlannedStage) -> String {
    guard stage.kind == .prune else { return "" }
    guard let counts = stage.layers else { return "by importance" }
    return zip(architecture.layerNames, counts)
      .map { "\($0) \(Figures.grouped($1))" }.joined(separator: ", ")
  }
}
