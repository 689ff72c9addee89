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
      compensation, where there are several. Where baselines lists unpruned, every method is tested against \
      the dense networks of the same seeds, too.

      A study with another kind than pruning asks something else: it prints and writes its tables, and its claims with \
      their tests and how they stand.

      What is measured is not measured again: an interrupted study goes on with the same command, and \
      a changed one measures what has changed. SIGINT, SIGTERM, SIGHUP and SIGXCPU end \
      with exit code 75.

      With --worker, any number of processes share one study, on any number of machines that have the \
      folder in common: each takes cells that nobody else has, and ends when all are measured. A worker \
      that ends or hangs loses what it has to the others after the lease. No locks are needed, so the \
      folder may be on NFS. --slurm prints the script of an array of such workers, each with as many processors as \
      --threads says, or one. Under mpirun each process \
      is such a worker, with the threads that are its share of the host's, and the first prints the table.
      """,
    examples: [
      "ecpipe compare pipelines/study-policies.yaml --quick",
      "ecpipe compare pipelines/study-policies.yaml --worker",
      "ecpipe compare pipelines/study-policies.yaml --slurm 16 > sweep.sh",
    ])

  @Argument(help: "The study, a YAML file.", completion: .schedules)
  var study: String

  @Flag(help: "Compute the reduced form that the study has under quick.")
  var quick = false

  @Flag(help: "Move the existing study aside and start anew.")
  var fresh = false

  @Flag(help: "Share the study with other workers, which are started by the same command.")
  var worker = false

  @Option(
    help: ArgumentHelp(
      """
      Seconds without a sign of life, from 2 to 86400, after which others take what a worker has; 60 where \
      it is not given.
      """, valueName: "seconds"))
  var lease: Double?

  @Option(
    help: ArgumentHelp(
      "Print a script for sbatch that starts this many workers, from 1 to 10000, and compute nothing.",
      valueName: "workers"))
  var slurm: Int?

  @OptionGroup var folders: FolderOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  /// Whether this is one of several processes, by the option or because `mpirun` has started them.
  private var isWorker: Bool { worker || Ranks.worker != nil }

  func validate() throws {
    if lease != nil, !isWorker, slurm == nil {
      throw ValidationError("--lease is for workers: give --worker, or --slurm, too.")
    }
    if let lease, !(2...86_400).contains(lease) {
      throw ValidationError(
        "--lease \(NumberText.significant(lease, 6)): it is from 2 to 86400 seconds.")
    }
    if isWorker, fresh {
      throw ValidationError(
        "--fresh would move aside what other workers measure; run it once without --worker and mpirun."
      )
    }
    if let slurm, !(1...10_000).contains(slurm) {
      throw ValidationError("--slurm \(slurm): it is from 1 to 10000 workers.")
    }
    if slurm != nil, worker || fresh {
      throw ValidationError("--slurm prints a script of workers; leave out --worker and --fresh.")
    }
  }

  func run() throws {
    var options = StudySession.Options(
      checkpoints: folders.folder, threads: threads.count,
      surroundings: threads.surroundings,
      continueCommand: ContinueCommand.text(of: CommandLine.arguments))
    options.isQuick = quick
    options.fresh = fresh
    options.lease = isWorker ? .seconds(lease ?? 60) : nil
    try folders.demandDocument(study)
    if DocumentKind(path: study) == .schedule {
      throw RunFailure.commandLine(
        "\(study): this is a schedule, not a study; use ecpipe run \(ShellWord.quoted(study))")
    }
    let session = try Interruption.reading(study) {
      try StudySession(path: study, options: options)
    }
    if let slurm {
      // What stands in the way of one worker stands in that of all.
      _ = try session.planned()
      let script = SlurmArray(
        program: FilePaths.absolute(OwnProgram.path), study: study, name: session.settings.name,
        workers: slurm, checkpoints: folders.folder, isQuick: quick, threads: threads.threads ?? 1,
        lease: lease)
      print(script.text, terminator: "")
      return
    }
    try ProductBuffers.reserve(threads: threads.count)
    Interruption.listen()
    // One of those that mpirun has started talks for all.
    let isSilent = (Ranks.worker ?? 0) > 0
    let display = output.quiet || output.json || isSilent ? nil : StudyDisplay()
    // Whatever comes next, a message of an error included, needs a line of its own.
    defer { display?.end() }
    let outcome = try session.run(
      events: { event in
        if let display {
          display.show(event)
        } else if case .notice(let notice) = event, !isSilent {
          output.tell(notice)
        }
      }, isInterrupted: { Interruption.isRequested },
      page: { StudyPage(name: $0, settings: $1, table: $2, guesses: $3).html })
    display?.end()
    if !isSilent { try report(outcome, of: session) }
  }

  private func report(_ outcome: StudySession.Outcome, of session: StudySession) throws {
    let outline = session.settings.outline
    let nothing = outcome.measured == 0 ? "; nothing was left to do" : ""
    var json: JSONValue = [
      "format": 1, "name": .string(session.folder.name),
      "cells": JSONValue(outcome.plan.cells.count), "measured": JSONValue(outcome.measured),
      "results": .string(outcome.csv), "report": .string(outcome.page),
    ]
    for member in FindingsText.json(of: outline, outcome.table) { json[member.name] = member.value }
    try output.print(
      json,
      or: FindingsText.lines(of: outline, outcome.table, width: Output.width) + [
        "", "\(Figures.count(outcome.plan.cells.count, "cell"))\(nothing)",
        "results: \(outcome.csv)",
        "report: \(outcome.page)",
      ])
  }
}
