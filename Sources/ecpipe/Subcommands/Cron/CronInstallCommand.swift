import ArgumentParser
import Cron
import Runs
import Storage

struct CronInstallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install", abstract: "Have a schedule run every night at a given time.",
    discussion: """
      Without --systemd and --crontab, systemd is taken where one answers, else the crontab of the \
      calling user; which it is, is said. Installing again replaces the job of that name. Schedule \
      and data are checked first.

      The time is local time. When clocks go forward over it, Debian's cron runs the job right after, \
      and systemd not before the next night; when they go back, the job runs once.
      """,
    examples: [
      "ecpipe cron install pipelines/nightly.yaml --at 02:30",
      "ecpipe cron install pipelines/nightly.yaml --at 02:30 --systemd --print",
    ])

  @Argument(help: "The schedule, a YAML file with a block nightly.", completion: .schedules)
  var schedule: String

  @Option(help: ArgumentHelp("The time of every night, such as 02:30.", valueName: "hh:mm"))
  var at: String

  @Flag(help: "Have systemd start it, by a service and a timer.")
  var systemd = false

  @Flag(help: "Have cron start it, by the calling user's crontab.")
  var crontab = false

  @Flag(
    help: ArgumentHelp(
      "Have the user's own systemd start it, not the system's; without root's rights it is that anyway."
    ))
  var user = false

  @Flag(name: .customLong("print"), help: "Print what would be written, and change nothing.")
  var prints = false

  @OptionGroup var folders: FolderOptions

  func validate() throws {
    if TimeOfDay(at) == nil {
      throw ValidationError(
        "--at \(at): give a time from 00:00 to 23:59 as HH:MM, such as 02:30")
    }
    if systemd, crontab {
      throw ValidationError("--systemd and --crontab: a job has one place; leave one of them out")
    }
    if user, crontab {
      throw ValidationError(
        "--user belongs to --systemd, a crontab is the calling user's anyway; leave it out")
    }
    if NamedFile(schedule).isStream {
      throw ValidationError(
        "\(schedule): this is no file that is there every night; name a schedule")
    }
  }

  func run() throws {
    let account = Account(variable: Output.environment)
    let places = JobPlaces(account)
    let place =
      crontab
      ? .crontab : systemd ? places.systemd(isUser: user) : places.best(isUser: user)
    let checked = try NightlySchedule(path: schedule, checkpoints: folders.folder)
    checked.notices.forEach(Output.notice)
    guard let time = TimeOfDay(at) else { preconditionFailure("validated") }
    let job = try NightlyJob(
      name: checked.name, at: time, program: OwnProgram.path, schedule: schedule,
      checkpoints: folders.folder, path: Output.environment("PATH"),
      language: Output.environment("LANG"))
    let unknown = checked.variables.filter { variable in
      !job.variables.contains { $0.name == variable }
    }
    if !unknown.isEmpty { Output.warning(place.hint(on: unknown, of: job)) }
    if prints { return try show(job, in: place, of: places) }
    try places.demandFree(job, in: place)
    try install(job, in: place, of: places, account)
  }

  private func show(_ job: NightlyJob, in place: JobPlace, of places: JobPlaces) throws {
    switch place {
    case .crontab: try Output.exact(Crontab.block(of: job))
    case .system, .user:
      for file in places.units(of: place).files(of: try SystemdUnits(of: job)) {
        try Output.exact("# \(file.path)\n\(file.text)")
      }
    }
  }

  private func install(
    _ job: NightlyJob, in place: JobPlace, of places: JobPlaces, _ account: Account
  ) throws {
    let isNew: Bool
    switch place {
    case .crontab:
      let crontab = try places.crontab.read()
      let bytes = try crontab.installing(job)
      try places.crontab.write(bytes, over: crontab)
      isNew = bytes != crontab.bytes
    case .system, .user:
      let change = try places.units(of: place).install(try SystemdUnits(of: job))
      isNew = change.changesFiles
      change.leftToDo.map(Self.leave)
    }
    try Output.line(
      "\(job.name): \(isNew ? "installed in" : "is in already, as it is to be:") \(place.text); runs "
        + "every night at \(job.at.text) local time; log: \(job.log)")
    if !crontab, place == .crontab {
      Output.error("no systemd answers here, so cron is to start the job")
    }
    if place == .user, !account.lingers {
      Output.warning(
        "a user's systemd ends with the last login; loginctl enable-linger \(account.name) keeps it"
      )
    }
  }

  /// Says what a person has to do because no systemd answers.
  static func leave(_ command: String) {
    Output.warning("no systemd answers here; where one does, give this command: \(command)")
  }
}

extension JobPlace {
  /// What to say of `variables` that the schedule reads and the night will not have.
  fileprivate func hint(on variables: [String], of job: NightlyJob) -> String {
    let names = variables.map { "${\($0)}" }.joined(separator: ", ")
    let remedy =
      switch self {
      case .crontab: "set them in the crontab, above the job: crontab -e, NAME=value"
      case .system: "set them with systemctl edit \(SystemdUnits.name(ofJob: job.name)).service"
      case .user:
        "set them with systemctl --user edit \(SystemdUnits.name(ofJob: job.name)).service"
      }
    return "the schedule reads \(names), which are set here and not in the night; \(remedy)"
  }
}
