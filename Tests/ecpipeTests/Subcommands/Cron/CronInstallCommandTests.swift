import Foundation
import Testing

@Suite("ecpipe cron install") struct CronInstallCommandTests {
  @Test("puts one line into the crontab, keeps all others, and does nothing the second time")
  func crontab() throws {
    try NightPlace.with { night in
      let mine = "# mine\n\n5 4 * * * other % job\n"
      try night.place.write(mine, to: "crontab")
      let first = try night.cron("install", "small.yaml", "--at", "02:30", "--crontab")
      #expect(first.errors == "")
      #expect(first.code == 0)
      #expect(
        first.output.hasPrefix("\(night.name): installed in the crontab; runs every night at "))
      let installed = try #require(night.crontab)
      #expect(installed.hasPrefix(mine))
      let place = night.place.path
      let line = try #require(
        installed.split(separator: "\n").first { $0.hasPrefix("30 2 * * * ") })
      #expect(
        line.hasPrefix(
          "30 2 * * * cd \(place) && LANG=C.UTF-8 PATH=\(place)/bin:/usr/bin:/bin exec /"))
      let program = try Program.path()
      #expect(
        line.hasSuffix(
          " exec \(program) run \(place)/small.yaml --nightly --checkpoints \(place)/checkpoints "
            + "--log \(place)/checkpoints/\(night.name)/nightly.log"))
      #expect(night.place.names(in: ".").contains("checkpoints") == false)

      let again = try night.cron("install", "small.yaml", "--at", "02:30", "--crontab")
      #expect(again.code == 0 && again.output.contains("is in already"))
      #expect(night.crontab == installed)
      #expect(try night.place.text("crontab.writes") == "\n")

      let schedule = "../\(URL(filePath: place).lastPathComponent)/small.yaml"
      let later = try night.cron(
        "install", schedule, "--at", "23:05", "--crontab", "--checkpoints", "runs",
        environment: ["LANG": "de_DE.UTF-8"])
      #expect(later.code == 0)
      let changed = try #require(night.crontab)
      #expect(changed.hasPrefix(mine))
      #expect(changed.split(separator: "\n").count == installed.split(separator: "\n").count)
      #expect(changed.contains("\n5 23 * * * cd ") && changed.contains(" LANG=de_DE.UTF-8 "))
      #expect(changed.contains(" --checkpoints \(place)/runs "))
    }
  }

  @Test("--print shows what would be written, and changes nothing")
  func prints() throws {
    try NightPlace.with(systemd: true) { night in
      let before = night.place.snapshot()
      let block = try night.cron("install", "small.yaml", "--at", "02:30", "--crontab", "--print")
      #expect(block.code == 0 && block.errors == "")
      let units = try night.cron(
        "install", "small.yaml", "--at", "02:30", "--systemd", "--user", "--print")
      #expect(units.code == 0 && units.errors == "")
      #expect(night.place.snapshot() == before)

      try #require(night.cron("install", "small.yaml", "--at", "02:30", "--crontab").code == 0)
      #expect(night.crontab == block.output)
      try #require(night.cron("remove", night.name).code == 0)
      try #require(
        night.cron("install", "small.yaml", "--at", "02:30", "--systemd", "--user").code == 0)
      let files = [".service", ".timer"].map { "\(night.units)/ecpipe-\(night.name)\($0)" }
      let shown = try files.map { "# \(night.place.file($0))\n\(try night.place.text($0))" }
      #expect(units.output == shown.joined())
    }
  }

  @Test("writes service and timer of the user's systemd, and has the timer started")
  func systemd() throws {
    try NightPlace.with(systemd: true) { night in
      let outcome = try night.cron("install", "small.yaml", "--at", "02:30", "--user")
      #expect(outcome.code == 0)
      #expect(
        outcome.output.hasPrefix("\(night.name): installed in the user's systemd; runs every "))
      #expect(
        night.systemctl == [
          "--user --no-ask-password daemon-reload",
          "--user --no-ask-password enable --now ecpipe-\(night.name).timer",
        ])
      #expect(night.crontab == nil)
      let before = night.place.snapshot().filter { $0.key.hasPrefix(night.units) }
      #expect(before.count == 3)
      let again = try night.cron("install", "small.yaml", "--at", "02:30", "--user")
      #expect(again.output.contains("is in already"))
      #expect(night.place.snapshot().filter { $0.key.hasPrefix(night.units) } == before)
    }
  }

  @Test("where no systemd answers, the units are written and the command is said that is left")
  func noSystemd() throws {
    try NightPlace.with { night in
      let outcome = try night.cron("install", "small.yaml", "--at", "02:30", "--systemd", "--user")
      #expect(outcome.code == 0)
      #expect(
        outcome.errors.contains(
          "systemctl --user daemon-reload && systemctl --user enable --now "
            + "ecpipe-\(night.name).timer\n"))
      #expect(night.place.names(in: night.units).count == 2)
      #expect(night.systemctl == [])
    }
  }

  @Test("without a word about the place systemd is taken where it answers, else the crontab")
  func choice() throws {
    try NightPlace.with { night in
      let outcome = try night.cron("install", "small.yaml", "--at", "02:30", "--user")
      #expect(outcome.code == 0 && night.crontab != nil)
      #expect(outcome.errors == "no systemd answers here, so cron is to start the job\n")
    }
  }

  @Test("a systemd that refuses is an error, with where things stand")
  func refusing() throws {
    try NightPlace.with(systemd: true) { night in
      try night.place.write("", to: "systemctl.fails")
      let outcome = try night.cron("install", "small.yaml", "--at", "02:30", "--user")
      #expect(outcome.code == 1 && outcome.output == "")
      #expect(
        outcome.errors.hasPrefix(
          "ecpipe: systemctl --user daemon-reload: no bus; the units are in "))
    }
  }

  @Test("no job of one name is started twice, and none for another schedule")
  func taken() throws {
    try NightPlace.with(systemd: true) { night in
      try #require(night.cron("install", "small.yaml", "--at", "02:30", "--crontab").code == 0)
      let twice = try night.cron("install", "small.yaml", "--at", "02:30", "--user")
      #expect(twice.code == 64 && twice.output == "")
      #expect(twice.errors.contains("a job of this name is installed in the crontab for "))
      #expect(night.place.names(in: night.units) == [])

      let crontab = night.crontab
      try night.writeSchedule("other.yaml")
      let other = try night.cron("install", "other.yaml", "--at", "02:30", "--crontab")
      #expect(other.code == 64 && night.crontab == crontab)
      // The schedule was moved there.
      try FileManager.default.removeItem(atPath: night.place.file("small.yaml"))
      let moved = try night.cron("install", "other.yaml", "--at", "02:30", "--crontab")
      #expect(moved.code == 0 && night.crontab?.contains("/other.yaml ") == true)
    }
  }

  @Test("variables that the schedule reads and the night does not have are named")
  func variables() throws {
    try NightPlace.with { night in
      try night.writeSchedule(
        "small.yaml", SmallRun.schedule.replacing("csv: flowers.csv", with: "csv: ${FLOWERS}"))
      let outcome = try night.cron(
        "install", "small.yaml", "--at", "02:30", "--crontab",
        environment: ["FLOWERS": "flowers.csv"])
      #expect(outcome.code == 0)
      #expect(
        outcome.errors
          == "warning: the schedule reads ${FLOWERS}, which are set here and not in the night; set "
          + "them in the crontab, above the job: crontab -e, NAME=value\n")
    }
  }

  @Test("works without HOME and TERM, as cron starts things")
  func bare() throws {
    try NightPlace.with { night in
      let outcome = try night.place.run(
        "cron", "install", "small.yaml", "--at", "02:30", "--crontab",
        environment: ["PATH": "\(night.place.file("bin")):/usr/bin:/bin"])
      #expect(outcome.code == 0 && night.crontab != nil)
    }
  }
}
