/// The service and the timer that run a job by systemd.
package struct SystemdUnits: Sendable, Equatable {
  /// What both files are called, without `.service` and `.timer`.
  package let name: String
  /// The content of the service's file.
  package let service: String
  /// The content of the timer's file.
  package let timer: String

  /// The units of `job`.
  ///
  /// - Throws: `CronError.longName` for a name that makes too long a unit's name.
  package init(of job: NightlyJob) throws(CronError) {
    name = Self.name(ofJob: job.name)
    // systemd takes 255 with the suffix.
    if name.utf8.count > 240 { throw .longName(job.name) }
    let (label, quoted) = (SystemdText.plain(job.name), SystemdText.quoted)
    service = """
      \(Self.note)
      [Unit]
      Description=ecpipe: \(label), the night
      # At most five times a night, the restarts below included.
      StartLimitIntervalSec=12h
      StartLimitBurst=5

      [Service]
      Type=oneshot
      WorkingDirectory=\(SystemdText.path(job.folder))
      Environment=\(job.variables.map { quoted("\($0.name)=\($0.value)") }.joined(separator: " "))
      # The colon: a dollar is a dollar.
      ExecStart=:\((Self.starter(of: job.program) + job.words).map(quoted).joined(separator: " "))
      # A challenger that is refused is a night that went well.
      SuccessExitStatus=12
      # 75: interrupted after saving, so it goes on. RestartForceExitStatus=75 would say it, but many
      # systemd refuse that of a oneshot; so everything else is ruled out.
      Restart=on-failure
      RestartPreventExitStatus=\(Self.finalCodes)
      RestartSec=1min
      TimeoutStartSec=infinity
      # A step is finished and saved before it ends.
      TimeoutStopSec=15min
      Nice=19
      CPUSchedulingPolicy=batch
      NoNewPrivileges=yes
      ProtectSystem=full
      ReadWritePaths=\(quoted("-" + job.checkpoints)) \(quoted("-" + job.folder))

      """
    timer = """
      \(Self.note)
      [Unit]
      Description=ecpipe: \(label), when its night is

      [Timer]
      OnCalendar=*-*-* \(job.at.text):00
      # A night that was slept through is made up for.
      Persistent=true
      RandomizedDelaySec=5min

      [Install]
      WantedBy=timers.target

      """
  }

  private static let note =
    "# Made by ecpipe cron install, taken out by ecpipe cron remove.\n"

  /// What is no reason to start again: every documented exit code but 75, and every signal.
  private static let finalCodes =
    "1 10 11 64 65 66 130 143 SIGABRT SIGBUS SIGFPE SIGILL SIGKILL SIGQUIT SIGSEGV SIGSYS SIGTRAP "
    + "SIGXCPU SIGXFSZ"

  /// What has to start `program`: nothing, or a shell for a path that systemd refuses, however it is
  /// quoted.
  private static func starter(of program: String) -> [String] {
    program.contains { "'\"\\".contains($0) } ? shell : []
  }

  private static let shell = ["/bin/sh", "-c", #"exec "$0" "$@""#]

  // MARK: Names

  private static let prefix = "ecpipe-"

  /// What the files of the job called `name` are called.
  package static func name(ofJob name: String) -> String { prefix + SystemdText.unitName(name) }

  /// The job that a timer's file belongs to; nil for the files of others.
  static func job(ofTimer file: String) -> String? {
    guard file.hasPrefix(prefix), file.hasSuffix(".timer") else { return nil }
    return SystemdText.name(ofUnit: file.dropFirst(prefix.count).dropLast(".timer".count))
  }

  // MARK: What stands there

  /// The job called `name` as its files say it.
  static func job(
    _ name: String, in place: JobPlace, service: String, timer: String
  ) -> InstalledJob {
    let words = value(of: "ExecStart", in: service).flatMap(SystemdText.words) ?? []
    let calendar = value(of: "OnCalendar", in: timer)
    return InstalledJob(
      name: name, place: place, at: calendar.map(time),
      words: words.starts(with: shell) ? Array(words.dropFirst(shell.count)) : words)
  }

  /// `02:30` of `*-*-* 02:30:00`; anything else as it is.
  private static func time(_ calendar: Substring) -> String {
    let daily = "*-*-* "
    guard calendar.hasPrefix(daily), calendar.hasSuffix(":00"),
      let time = TimeOfDay(String(calendar.dropFirst(daily.count).dropLast(3)))
    else { return String(calendar) }
    return time.text
  }

  private static func value(of key: String, in text: String) -> Substring? {
    text.split(separator: "\n").first { $0.hasPrefix(key + "=") }?.dropFirst(key.count + 1)
  }
}
