import ArgumentParser
import Storage

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check a schedule and its data without running anything.")

  @OptionGroup var options: ScheduleOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let plan = try options.plan()
    try output.print(
      [
        "format": 1, "name": .string(plan.name), "valid": true,
        "stages": JSONValue(plan.stages.count),
      ],
      or: [
        "\(options.schedule): valid; \(plan.stages.count) stages on "
          + "\(Figures.grouped(plan.facts.trainingSamples)) training samples"
      ])
  }
}
