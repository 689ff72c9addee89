import ArgumentParser
import Runs

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Compare every file of a run with what was written; 11 when any is damaged.",
    discussion: """
      Hashes run.json, every checkpoint that it lists and the saved progress; needs neither the \
      schedule nor the data, and may be called while the run goes on. --deep also decodes every \
      checkpoint, compares masks, counts and lineage with the record, and measures the recorded \
      metrics again: with the same bits where the model was made on such a machine, else within \
      0.01 % of loss, rmse and mae, 0.0001 of r2, and 0.1 % of the samples (or one) of accuracy.
      """)

  @Argument(help: ArgumentHelp("A run's name or folder; without it, the latest.", valueName: "run"))
  var runName: String?

  @Flag(help: "Decode everything, and measure the metrics again.")
  var deep = false

  @OptionGroup var folders: FolderOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let folder = try folders.locator.run(runName)
    let report =
      deep
      ? try DeepVerification(
        folder: folder, pool: try threads.pool, surroundings: .process
      ).report()
      : try RunVerification(folder: folder).report()
    let measured =
      report.isDeep ? "; metrics of \(Figures.count(report.measured, "stage")) measured again" : ""
    let sound =
      "\(report.name): sound: \(Figures.count(report.checkpoints, "checkpoint")), "
      + "\(Figures.grouped(report.bytes)) bytes\(measured)"
    try output.print(
      report.json,
      or: report.notes.map { "note: \($0)" } + (report.findings.isEmpty ? [sound] : []))
    try report.check()
  }
}
