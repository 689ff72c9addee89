import Foundation
import Testing

@Suite("ecpipe cron list and remove") struct CronListCommandTests {
  /// The jobs in `text` that are this place's; the machine may have others.
  private func jobs(_ night: NightPlace) throws -> [[String: Any]] {
    let outcome = try night.cron("list", "--json")
    #expect(outcome.errors == "")
    let json = try JSONText(outcome.output)
    #expect(json.object["format"] as? Int == 1 && json.hasSortedNames)
    return try json.objects("jobs").filter { $0["name"] as? String == night.name }
  }

  @Test("shows what is installed, and what of it is not there any more")
  func list() throws {
    try NightPlace.with(systemd: true) { night in
      #expect(try jobs(night).isEmpty)
      try #require(night.cron("install", "small.yaml", "--at", "02:30", "--crontab").code == 0)
      let job = try #require(try jobs(night).first)
      #expect(
        Set(job.keys) == [
          "at", "checkpoints", "has_program", "has_schedule", "log", "name", "place", "program",
          "schedule",
        ])
      #expect(job["at"] as? String == "02:30" && job["place"] as? String == "crontab")
      #expect(job["schedule"] as? String == night.place.file("small.yaml"))
      #expect(job["program"] as? String == (try Program.path()))
      #expect(job["has_schedule"] as? Bool == true && job["has_program"] as? Bool == true)
      let table = try night.cron("list").output.split(separator: "\n")
      #expect(table[0].split(separator: " ") == ["name", "at", "by", "schedule", "program"])

      try FileManager.default.moveItem(
        atPath: night.place.file("small.yaml"), toPath: night.place.file("moved.yaml"))
      let gone = try #require(try jobs(night).first)
      #expect(gone["has_schedule"] as? Bool == false)
      #expect(try night.cron("list").output.contains("small.yaml (is not there)"))
    }
  }

  @Test("removes a job by its name or its schedule, and keeps the other lines")
  func remove() throws {
    try NightPlace.with { night in
      try night.place.write("5 4 * * * other\n", to: "crontab")
      for job in [night.name, "small.yaml", night.place.file("small.yaml")] {
        try #require(night.cron("install", "small.yaml", "--at", "02:30", "--crontab").code == 0)
        let installed = try #require(night.crontab)
        let preview = try night.cron("remove", job, "--print")
        #expect(preview.code == 0 && "5 4 * * * other\n" + preview.output == installed)
        #expect(night.crontab == installed)
        let outcome = try night.cron("remove", job)
        #expect(outcome.code == 0 && outcome.errors == "")
        #expect(outcome.output == "\(night.name): taken out of the crontab\n")
        #expect(night.crontab == "5 4 * * * other\n")
      }
    }
  }

  @Test("a job that is not there is said, which is no error")
  func nothing() throws {
    try NightPlace.with { night in
      let outcome = try night.cron("remove", night.name)
      #expect(outcome.code == 0 && outcome.errors == "")
      #expect(outcome.output == "\(night.name): there is no such job; nothing was changed\n")
    }
  }

  @Test("removes units, and tells a systemd that answers")
  func units() throws {
    try NightPlace.with(systemd: true) { night in
      try #require(night.cron("install", "small.yaml", "--at", "02:30", "--user").code == 0)
      let paths = try night.cron("remove", night.name, "--print")
      #expect(paths.output.split(separator: "\n").count == 2)
      #expect(night.place.names(in: night.units).count == 2)
      let outcome = try night.cron("remove", night.name)
      #expect(outcome.code == 0 && outcome.errors == "")
      #expect(outcome.output == "\(night.name): taken out of the user's systemd\n")
      #expect(night.place.names(in: night.units) == [])
      #expect(
        night.systemctl.suffix(2) == [
          "--user --no-ask-password disable --now ecpipe-\(night.name).timer",
          "--user --no-ask-password daemon-reload",
        ])
    }
  }

  @Test("removes what enabling has left, where no systemd answers")
  func enabled() throws {
    try NightPlace.with { night in
      try #require(
        night.cron("install", "small.yaml", "--at", "02:30", "--systemd", "--user").code == 0)
      let wants = night.place.file(night.units + "/timers.target.wants")
      try FileManager.default.createDirectory(atPath: wants, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: wants + "/ecpipe-\(night.name).timer",
        withDestinationPath: "../ecpipe-\(night.name).timer")
      let outcome = try night.cron("remove", "small.yaml")
      #expect(outcome.code == 0)
      #expect(outcome.errors.contains("systemctl --user daemon-reload\n"))
      #expect(night.place.names(in: night.units) == ["timers.target.wants"])
      #expect(night.place.names(in: night.units + "/timers.target.wants") == [])
    }
  }
}
