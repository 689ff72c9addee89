import ArgumentParser
import Programs
import Reports
import Runs
import Storage

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write what a run has come to as a page with figures, or several runs side by side.",
    discussion: """
      Every run keeps report.html in its folder while it goes on, and at its end; this makes it anew, or \
      of several runs one page. The page needs no other file and no network. The same numbers lie beside it \
      as .json and .csv.
      """,
    examples: [
      "ecpipe report digits --open", "ecpipe report digits digits-search --output both.html",
    ])

  @Argument(
    help: ArgumentHelp(
      "Names or folders of runs; without one, the latest run.", valueName: "run"),
    completion: .runs)
  var runs: [String] = []

  @Option(
    help: ArgumentHelp(
      "The page; report.html in the run's folder without it, of several runs report.html here.",
      valueName: "file"), completion: .anyFile)
  var output: String?

  @Flag(help: "Open the page in a browser.")
  var open = false

  @OptionGroup var folders: FolderOptions
  @OptionGroup var printing: OutputOptions

  func validate() throws {
    if let output, ![".html", ".htm"].contains(where: output.lowercased().hasSuffix) {
      throw ValidationError("--output \(output): the name has to end in .html")
    }
  }

  func run() throws {
    let names: [String?] = runs.isEmpty ? [nil] : runs
    let recorded = try names.map { try RecordedRun(folder: folders.locator.run($0)) }
    let path: String
    if recorded.count == 1, output == nil {
      path = recorded[0].folder.report
      // Whoever is at work there keeps it.
      if FileLock.isHeld(path: recorded[0].folder.lock), FilePaths.exists(path) {
        return try show(path)
      }
    } else {
      path = output ?? "report.html"
      let others = ReportFiles.companions(of: path)
      for file in [path, others.json, others.csv] {
        try OutputFile.check(
          file, against: recorded.flatMap { [$0.folder.manifest, $0.folder.events] })
      }
      // Nobody has named these, so they take the place of nothing but what another report has left there.
      for file in [others.json, others.csv]
      where FilePaths.exists(file) && !ReportFiles.areNumbers(file) {
        throw RunFailure.commandLine(
          "\(output.map { "--output \($0)" } ?? path): the numbers of the page would go to \(file), which is there already "
            + "and is no report's; choose another name with --output")
      }
    }
    let reports = try recorded.map { try RunReport(of: $0.folder, surroundings: .process) }
    let files =
      reports.count == 1
      ? reports[0].files : RunsComparison(reports, time: Surroundings.process.now()).files
    try NamedFile.write(all: files.placed(at: path))
    try show(path)
  }

  private func show(_ path: String) throws {
    let others = ReportFiles.companions(of: path)
    let json: JSONValue = [
      "format": 1, "report": .string(path), "json": .string(others.json),
      "csv": .string(others.csv), "bytes": JSONValue(FilePaths.size(of: path)),
    ]
    try printing.print(json, or: ["\(path) (the same numbers: \(others.json), \(others.csv))"])
    if open { try openInBrowser(path) }
  }

  /// Asks the desktop to show the page; where there is none, says so.
  private func openInBrowser(_ path: String) throws {
    // A browser that this starts goes on when the command is over.
    let program = Program(
      "/bin/sh",
      [
        "-c",
        "command -v xdg-open >/dev/null || exit 127; xdg-open \"$0\" </dev/null >/dev/null 2>&1 &",
        FilePaths.absolute(path),
      ], environment: Output.environment, limit: .seconds(20))
    let outcome = try? program.run()
    if outcome?.isSuccess != true {
      Output.warning("no browser could be asked to open \(path); open it by hand")
    }
  }
}
