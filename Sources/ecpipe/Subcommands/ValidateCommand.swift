import ArgumentParser
import Reports
import Storage

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check a schedule and its data without running anything.",
    discussion: """
      Ends with a summary of the data as they are read: rows, parts, every column with its kind, range \
      and missing values, the classes with their counts, and what should be looked at.
      """)

  @OptionGroup var options: ScheduleOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let session = try options.session
    let plan = try session.feasiblePreview().plan
    plan.warnings.forEach(Output.warning)
    let summary = try session.summary()
    try output.print(
      [
        "format": 1, "name": .string(plan.name), "valid": true,
        "stages": JSONValue(plan.stages.count), "data": summary?.json ?? .null,
      ],
      or: [
        "\(options.schedule): valid; \(Figures.count(plan.stages.count, "stage")) on "
          + Figures.count(plan.facts.trainingSamples, "training sample")
      ] + (summary.map { DataSummaryText($0).lines } ?? []))
  }
}
