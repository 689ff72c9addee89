import ArgumentParser
import Cron
import Storage

struct CronListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Show the jobs that are installed, and whether they could run.",
    discussion: """
      Looks into the calling user's crontab, the user's systemd and the system's. What somebody has \
      changed there by hand is shown as it is.
      """,
    examples: [
      "ecpipe cron list",
      "ecpipe cron list --json",
    ])

  @OptionGroup var output: OutputOptions

  func run() throws {
    let places = JobPlaces(Account(variable: Output.environment))
    let jobs = try JobPlace.allCases.flatMap { try places.jobs(in: $0) }
    try output.print(
      ["format": 1, "jobs": JSONValue(jobs.map(\.json))],
      or: jobs.isEmpty ? ["no nightly job is installed"] : Self.table(of: jobs))
  }

  private static func table(of jobs: [InstalledJob]) -> [String] {
    var table = TextTable(
      [("name", .left), ("at", .left), ("by", .left), ("schedule", .left), ("program", .left)])
    for job in jobs {
      table.add([
        job.name, job.at ?? "–", job.place.rawValue,
        cell(job.schedule, isThere: job.hasSchedule), cell(job.program, isThere: job.hasProgram),
      ])
    }
    return table.lines(width: Output.width)
  }

  private static func cell(_ path: String?, isThere: Bool) -> String {
    guard let path else { return "–" }
    return isThere ? path : path + " (is not there)"
  }
}
