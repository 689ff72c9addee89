import ArgumentParser
import Cron
import Storage

struct CronRemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Have a schedule no longer run every night.",
    discussion: """
      Takes the job out of every place that has it; its runs stay. Where there is none, that is said, \
      and the exit code is 0.
      """,
    examples: [
      "ecpipe cron remove nightly",
      "ecpipe cron remove pipelines/nightly.yaml --print",
    ])

  @Argument(
    help: ArgumentHelp("The job's name, or its schedule.", valueName: "name"), completion: .jobs)
  var job: String

  @Flag(name: .customLong("print"), help: "Print what would be taken out, and change nothing.")
  var prints = false

  func run() throws {
    let places = JobPlaces(Account(variable: Output.environment))
    let path = NightlyJob.fixed(job)
    var isFound = false
    var others: [String] = []
    for place in JobPlace.allCases {
      for job in try places.jobs(in: place) {
        guard job.name == self.job || job.schedule == path else {
          others.append(job.name)
          continue
        }
        isFound = true
        try remove(job.name, from: place, of: places)
      }
    }
    if !isFound {
      let nearest = nearestWord(to: job, among: others).map { "; did you mean \($0)?" } ?? ""
      try Output.line("\(job): there is no such job; nothing was changed\(nearest)")
    }
  }

  private func remove(_ name: String, from place: JobPlace, of places: JobPlaces) throws {
    switch place {
    case .crontab:
      let crontab = try places.crontab.read()
      if prints { return try Output.exact(crontab.block(name) ?? "") }
      try places.crontab.write(crontab.removing(name), over: crontab)
    case .system, .user:
      let units = places.units(of: place)
      if prints { return try units.paths(of: name).forEach(Output.line) }
      try units.remove(name).leftToDo.map(CronInstallCommand.leave)
    }
    try Output.line("\(name): taken out of \(place.text)")
  }
}
