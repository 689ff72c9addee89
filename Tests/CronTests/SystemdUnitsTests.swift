import Cron
import Foundation
import Programs
import Storage
import TestSupport
import Testing

@Suite("SystemdUnits", .early) struct SystemdUnitsTests {
  private static let verifier = ["/usr/bin/systemd-analyze", "/bin/systemd-analyze"]
    .first(where: FilePaths.exists)

  private func job(
    name: String = "digits", at: String = "02:30", program: String = "/opt/ecpipe",
    schedule: String = "/srv/digits.yaml"
  ) throws -> NightlyJob {
    try NightlyJob(
      name: name, at: #require(TimeOfDay(at)), program: program, schedule: schedule,
      checkpoints: "/srv/check points", path: "/usr/bin:/bin", language: "C.UTF-8")
  }

  /// A folder of units with those of `units` in it.
  private func place(_ units: SystemdUnits, in folder: TemporaryFolder) throws -> UnitFolder {
    let place = UnitFolder(Account(variable: { _ in nil }), .user, path: folder.path)
    for file in place.files(of: units) {
      try file.text.write(toFile: file.path, atomically: true, encoding: .utf8)
    }
    return place
  }

  @Test("the service runs the job with its folder, variables and limits; the timer starts it")
  func plain() throws {
    let units = try SystemdUnits(of: job())
    #expect(units.name == "ecpipe-digits")
    for line in [
      "[Unit]", "Description=ecpipe: digits, the night", "[Service]", "Type=oneshot",
      "WorkingDirectory=/srv", "Environment=LANG=C.UTF-8 PATH=/usr/bin:/bin",
      "ExecStart=:/opt/ecpipe run /srv/digits.yaml --nightly --checkpoints \"/srv/check points\" "
        + "--log \"/srv/check points/digits/nightly.log\"",
      "SuccessExitStatus=12", "Restart=on-failure", "TimeoutStopSec=15min", "Nice=19",
      "CPUSchedulingPolicy=batch", "NoNewPrivileges=yes", "ProtectSystem=full",
      "ReadWritePaths=\"-/srv/check points\" -/srv",
    ] {
      #expect(units.service.split(separator: "\n").contains(Substring(line)), "\(line)")
    }
    for line in [
      "OnCalendar=*-*-* 02:30:00", "Persistent=true", "RandomizedDelaySec=5min", "[Install]",
      "WantedBy=timers.target",
    ] {
      #expect(units.timer.split(separator: "\n").contains(Substring(line)), "\(line)")
    }
  }

  @Test("of the documented exit codes 75 alone starts it again")
  func restarts() throws {
    let lines = try SystemdUnits(of: job()).service.split(separator: "\n")
    let line = try #require(lines.first { $0.hasPrefix("RestartPreventExitStatus=") })
    let final = Set(line.split(separator: "=")[1].split(separator: " ").compactMap { Int($0) })
    // 0 and 12 are a success.
    #expect(final.union([0, 12, 75]) == [0, 1, 10, 11, 12, 64, 65, 66, 75, 130, 143])
    #expect(!final.contains(75))
  }

  @Test("names with blanks, quotes, percent signs, dollars and backslashes are written for systemd")
  func golden() throws {
    let keys = ["WorkingDirectory=", "ExecStart=", "ReadWritePaths="]
    let lines = try NastyJob.names.flatMap { name in
      try SystemdUnits(of: NastyJob.job(name)).service.split(separator: "\n")
        .filter { line in keys.contains { line.hasPrefix($0) } }
    }
    let text = lines.joined(separator: "\n") + "\n"
    let url = try GoldenFile.url("nasty.units")
    if ProcessInfo.processInfo.environment["ECPIPE_GOLDEN"] == "write" {
      try text.write(to: url, atomically: true, encoding: .utf8)
    }
    #expect(try text == String(contentsOf: url, encoding: .utf8))
  }

  @Test("what is installed is read back as it was", arguments: NastyJob.names)
  func readBack(name: String) throws {
    let folder = try TemporaryFolder()
    let job = try NastyJob.job(name)
    let found = try #require(place(SystemdUnits(of: job), in: folder).jobs.first)
    #expect(found.name == "digits" && found.at == "02:30" && found.place == .user)
    #expect(found.words == job.words && found.schedule == job.schedule)
  }

  @Test(
    "a name that systemd does not allow in a unit's is written in its way, and read back",
    arguments: [
      ("a-b_c.d:e", "ecpipe-a-b_c.d:e"), ("50%", "ecpipe-50\\x25"), ("a\\b", "ecpipe-a\\x5cb"),
      ("ü", "ecpipe-\\xc3\\xbc"), ("x@y", "ecpipe-x\\x40y"), ("it's", "ecpipe-it\\x27s"),
    ])
  func names(name: String, unit: String) throws {
    let folder = try TemporaryFolder()
    let units = try SystemdUnits(of: job(name: name, at: "23:59"))
    #expect(units.name == unit && SystemdUnits.name(ofJob: name) == unit)
    let place = try place(units, in: folder)
    #expect(place.jobs.map(\.name) == [name] && place.jobs.map(\.at) == ["23:59"])
    #expect(place.paths(of: name) == place.files(of: units).map(\.path))
  }

  @Test("a name that makes too long a unit's is refused")
  func longName() throws {
    let name = String(repeating: "ü", count: 30)
    #expect(throws: CronError.longName(name)) { try SystemdUnits(of: job(name: name)) }
  }

  @Test("files of others, and of nobody, are no jobs")
  func others() throws {
    let folder = try TemporaryFolder()
    for file in ["ecpipe-a.service", "backup.timer", "ecpipe-\\xz.timer", "ecpipe.timer"] {
      try folder.write("[Timer]\nOnCalendar=daily\n", to: file)
    }
    let account = Account(variable: { _ in nil })
    #expect(UnitFolder(account, .system, path: folder.path).jobs == [])
    #expect(UnitFolder(account, .system, path: folder.file("none")).jobs == [])
    // What somebody has changed is seen.
    try folder.write("[Timer]\nOnCalendar=Mon 02:00\n", to: "ecpipe-b.timer")
    let found = UnitFolder(account, .system, path: folder.path).jobs
    #expect(found.map(\.name) == ["b"] && found.map(\.at) == ["Mon 02:00"])
    #expect(found.map(\.words) == [[]])
  }

  /// Reads units, and starts nothing.
  @Test(
    "systemd-analyze verify has nothing to say, and finds the program behind every name",
    .enabled(if: verifier != nil, "systemd-analyze is not installed"), .timeLimit(.minutes(2)))
  @MainActor func verified() throws {
    for name in NastyJob.names {
      let folder = try TemporaryFolder()
      let program = folder.file(name) + "/ecpipe"
      try FilePaths.makeFolders(folder.file(name))
      try ScriptFile.write("#!/bin/sh\n", to: program)
      let units = try SystemdUnits(
        of: job(name: "a%\\b", program: program, schedule: folder.file(name) + "/digits.yaml"))
      _ = try place(units, in: folder)
      let (timer, ofTimer) = try verify(units.name + ".timer", in: folder)
      #expect(timer.ending == .exited(0) && ofTimer == [], "\(name)")
      let (service, ofService) = try verify(units.name + ".service", in: folder)
      #expect(service.ending == .exited(0) && ofService == [], "\(name)")
      // It looks for the program where the unit has it; a shell looks later.
      chmod(program, 0o644)
      let hasShell = units.service.contains("ExecStart=:/bin/sh ")
      #expect(hasShell == name.contains { "'\"\\".contains($0) })
      #expect(try verify(units.name + ".service", in: folder).ours.isEmpty == hasShell, "\(name)")
    }
  }

  /// What systemd-analyze says of a unit in `folder`.
  private func verify(
    _ unit: String, in folder: TemporaryFolder
  ) throws -> (outcome: ProgramOutcome, ours: [Substring]) {
    let outcome = try Program(
      #require(Self.verifier), ["verify", "./" + unit], environment: ["PATH": "/usr/bin:/bin"],
      folder: folder.path, limit: .seconds(60)
    ).run()
    // It looks at all units of the machine, whose faults are not ours.
    return (outcome, outcome.errorText.split(separator: "\n").filter { $0.contains("ecpipe") })
  }
}
