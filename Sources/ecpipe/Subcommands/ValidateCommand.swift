import ArgumentParser
import Reports
import Storage
import Studies

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check a schedule, or a study, and its data without running anything.",
    discussion: """
      Ends with a summary of the data as they are read: rows, parts, every column with its kind, range \
      and missing values, the classes with their counts, and what should be looked at.
      """,
    examples: [
      "ecpipe validate pipelines/own-data.yaml",
      "ecpipe validate pipelines/study-policies.yaml",
    ])

  @OptionGroup var options: ScheduleOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    if let study = try options.study() { return try validate(study) }
    let session = try options.session(output)
    let preview = try session.feasiblePreview(summarizing: true)
    let plan = preview.plan
    let nights = NightlySchedule.obstacles(session, plan.facts, at: options.schedule)
    (plan.warnings + nights).forEach(Output.warning)
    let summary = try session.summary(preview)
    try output.print(
      [
        "format": 1, "name": .string(plan.name), "valid": true,
        "stages": JSONValue(plan.ownStageCount), "data": summary?.json ?? .null,
      ],
      or: [
        "\(options.schedule): valid; \(Figures.count(plan.ownStageCount, "stage")) on "
          + Figures.count(plan.facts.trainingSamples, "training sample")
          + SearchText.uncounted(trialsOf: plan.searches)
      ] + (summary.map { DataSummaryText($0, width: Output.width).lines } ?? []))
  }

  private func validate(_ study: StudySession) throws {
    let preview = try study.planned()
    let datasets = zip(study.settings.datasets, preview.summaries)
    try output.print(
      [
        "format": 1, "kind": "study", "name": .string(study.settings.name), "valid": true,
        "cells": JSONValue(preview.plan.cells.count),
        "data": JSONValue(
          datasets.map { ["name": .string($0.name), "summary": $1?.json ?? .null] }),
      ],
      or: ["\(options.schedule): valid; a study of \(StudyText.scale(preview.plan))"]
        + datasets.flatMap { $1.map { DataSummaryText($0, width: Output.width).lines } ?? [] })
  }
}
