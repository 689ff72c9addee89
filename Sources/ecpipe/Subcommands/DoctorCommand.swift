import ArgumentParser
import Diagnosis
import Storage

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Look at the machine: what runs need of it, and what to do where something is wrong.",
    discussion: """
      Libraries, processor, memory and limits, the folder of all runs, clock, terminal, and what starts \
      nightly jobs. Each line is ok, a warning or a problem, with what to do below it. The exit code is 1 \
      where there is a problem, else 0. Nothing that is written to try things out stays.
      """,
    examples: ["ecpipe doctor", "ecpipe doctor --checkpoints /mnt/runs --json"])

  @OptionGroup var folders: FolderOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let variables = Output.environment
    let findings =
      LibraryCheck(messagePassing: Ranks.library).findings
      + ProcessorCheck(threads: threads.count).findings
      + MemoryCheck().findings + FolderCheck(path: folders.folder).findings
      + ClockCheck().findings + TerminalCheck(variables: variables).findings
      + CronCheck(program: FilePaths.absolute(OwnProgram.path), variables: variables).findings
    let problems = findings.count { $0.level == .problem }
    try output.print(
      [
        "format": 1, "problems": JSONValue(problems),
        "warnings": JSONValue(findings.count { $0.level == .warning }),
        "findings": .array(findings.map(\.json)),
      ],
      or: DoctorText(style: Style(usesColour: Output.usesColour)).lines(of: findings)
        + [
          "",
          Figures.count(problems, "problem") + ", "
            + Figures.count(findings.count { $0.level == .warning }, "warning"),
        ])
    if problems > 0 { throw DiagnosisFailure(problems: problems) }
  }
}
