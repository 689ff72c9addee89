import ArgumentParser
import Glibc
import NumericCore
import Reports
import Runs
import Storage
import Studies

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare ways to prune, as a study says, over several seeds.",
    discussion: """
      Trains the dense networks of the study, prunes each in every way and to every ratio, trains on, \
      and measures on the test part. Writes results.csv and report.html to the study's folder \
      (checkpoints/NAME; with --quick, checkpoints/NAME-quick) and prints means with standard errors \
      and a paired t-test of ec against every other method: of the first way to prune by ec with its own \
      compensation, where there are several.

      What is measured is not measured again: an interrupted study goes on with the same command, and \
      a changed one measures what has changed. SIGINT, SIGTERM, SIGHUP and SIGXCPU end \
      with exit code 75.
      """,
    examples: [
      "ecpipe compare pipelines/study-policies.yaml --quick",
      "ecpipe compare pipelines/study-policies.yaml --threads 4",
    ])

  @Argument(help: "The study, a YAML file.", completion: .schedules)
  var study: String

  @Flag(help: "Compute the reduced form that the study has under quick.")
  var quick = false

  @Flag(help: "Move the existing study aside and start anew.")
  var fresh = false

  @OptionGroup var folders: FolderOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    var options = StudySession.Options(
      checkpoints: folders.folder, threads: threads.count,
      surroundings: .process,
      continueCommand: ContinueCommand.text(of: CommandLine.arguments))
    options.isQuick = quick
    options.fresh = fresh
    if DocumentKind(path: study) == .schedule {
      throw RunFailure.commandLine(
        "\(study): this is a schedule, not a study; use ecpipe run \(ShellWord.quoted(study))")
    }
    let session = try StudySession(path: study, options: options)
    try ProductBuffers.reserve(threads: threads.count)
    Interruption.listen()
    let display = output.quiet || output.json ? nil : StudyDisplay()
    // Whatever comes next, a message of an error included, needs a line of its own.
    defer { display?.end() }
    let outcome = try session.run(
      events: { event in
        if let display {
          display.show(event)
        } else if case .notice(let notice) = event {
          output.tell(notice)
        }
      }, isInterrupted: { Interruption.isRequested },
      page: { StudyPage(name: $0, settings: $1, table: $2).html })
    display?.end()
    try report(outcome, of: session)
  }

  private func report(_ outcome: StudySession.Outcome, of session: StudySession) throws {
    let comparisons = StudyComparison.all(session.settings.outline, outcome.table)
    let nothing = outcome.measured == 0 ? "; nothing was left to do" : ""
    try output.print(
      [
        "format": 1, "name": .string(session.folder.name),
        "cells": JSONValue(outcome.plan.cells.count), "measured": JSONValue(outcome.measured),
        "results": .string(outcome.csv), "report": .string(outcome.page),
        "comparisons": JSONValue(comparisons.map(\.json)),
      ],
      or: comparisons.flatMap { [""] + ComparisonTable.lines(of: $0, width: Output.width) } + [
        "", "\(Figures.count(outcome.plan.cells.count, "cell"))\(nothing)",
        "results: \(outcome.csv)",
        "report: \(outcome.page)",
      ])
  }
}
