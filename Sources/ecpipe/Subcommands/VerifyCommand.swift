import ArgumentParser
import Nightly
import Runs
import Storage
import Studies

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract:
      "Compare every file of a run or a study with what was written; 11 when any is damaged.",
    discussion: """
      Hashes run.json, every checkpoint that it lists and the saved progress, and compares the copy of \
      the schedule, the link to the result and the notes of exports with run.json; needs neither the \
      schedule nor the data, and may be called while the run goes on. --deep also decodes every \
      checkpoint, compares masks, counts and lineage with the record, and measures the recorded \
      metrics again: with the same bits where the model was made on such a machine, else within \
      0.01 % of loss, rmse and mae, 0.0001 of r2, and 0.1 % of the samples (or one) of accuracy.

      Of a nightly job: every night, the decisions, and what the network in service makes of recorded \
      rows; with --deep the run of the night in service.

      Of a study: its copy, study.json, the result of every cell, every dense network (decoded), the \
      table and the page; --deep adds nothing there.

      What the records say there should be and is gone is damage, too.
      """,
    examples: [
      "ecpipe verify",
      "ecpipe verify digits --deep",
    ])

  @Argument(help: anyWorkHelp, completion: .works)
  var runName: String?

  @Flag(help: "Decode everything, and measure the metrics again.")
  var deep = false

  @OptionGroup var folders: FolderOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    do {
      try verify()
    } catch let error as StoreError {
      guard let finding = VerificationFinding(noFile: error) else { throw error }
      throw VerificationFailure(findings: [finding])
    }
  }

  private func verify() throws {
    if let job = runName.flatMap(folders.locator.job), !deep {
      return try show(
        JobVerification(job, pool: try threads.pool, surroundings: threads.surroundings).report())
    }
    let folder: RunFolder
    if let runName, case .missing(let path, let what)? = folders.locator.jobWithoutNote(runName) {
      var report = VerificationReport(name: FilePaths.name(of: FilePaths.folder(of: path)))
      report.findings = [
        VerificationFinding(file: path, stage: nil, reason: "the file is gone", remedy: what)
      ]
      return try show(report)
    }
    if let runName, folders.locator.study(runName) == nil,
      let run = folders.locator.runWithoutManifest(runName)
    {
      folder = run
    } else {
      switch try folders.locator.work(runName) {
      case .run(let run): folder = run
      case .study(let study): return try verify(study)
      }
    }
    // A run that begins anew has no manifest for a moment.
    let report = try SteadyLook(at: folder).value {
      deep
        ? try DeepVerification(
          folder: folder, pool: try threads.pool, surroundings: threads.surroundings
        ).report()
        : try RunVerification(folder: folder, surroundings: threads.surroundings).report()
    }
    try show(report)
  }

  private func show(_ report: VerificationReport) throws {
    let measured =
      report.isDeep ? "; metrics of \(Figures.count(report.measured, "stage")) measured again" : ""
    let sound =
      "\(report.name): sound: \(Figures.count(report.checkpoints, "checkpoint")), "
      + "\(Figures.count(report.bytes, "byte"))\(measured)"
    try output.print(
      report.json,
      or: report.notes.map { "note: \($0)" } + (report.findings.isEmpty ? [sound] : []))
    try report.check()
  }

  private func verify(_ study: StudyFolder) throws {
    let report = try StudyVerification(folder: study).report()
    let counts = [
      "\(Figures.grouped(report.sound)) of \(Figures.count(report.cells, "cell")) measured",
      Figures.count(report.networks, "dense network"),
      "\(Figures.count(report.outputs, "file")) of results",
      "\(Figures.count(report.bytes, "byte"))",
    ]
    let sound = "\(report.name): sound: " + counts.joined(separator: ", ")
    try output.print(
      report.json,
      or: report.notes.map { "note: \($0)" } + (report.findings.isEmpty ? [sound] : []))
    try report.check()
  }
}
