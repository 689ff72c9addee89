import Foundation
import Testing

@Suite("what ecpipe cron refuses") struct CronRefusalTests {
  @Test("without the program crontab the error says how to go on")
  func noCron() throws {
    try NightPlace.with(cron: false) { night in
      let outcome = try night.cron("install", "small.yaml", "--at", "02:30", "--crontab")
      #expect(outcome.code == 66 && outcome.output == "")
      #expect(
        outcome.errors
          == "ecpipe: crontab: there is no such program in PATH; install cron (apt-get install cron), "
          + "or have systemd start the job: --systemd\n")
      #expect(try night.cron("list").code == 0)
      #expect(try night.cron("remove", "small.yaml").code == 0)
    }
  }

  @Test("a crontab with damaged marks is left as it is; so is one that is refused")
  func damaged() throws {
    try NightPlace.with { night in
      let damaged = "1 2 * * * x\n# ecpipe begin: \(night.name) (x)\n3 4 * * * y\n"
      try night.place.write(damaged, to: "crontab")
      for outcome in [
        try night.cron("install", "small.yaml", "--at", "02:30", "--crontab"),
        try night.cron("remove", "x"), try night.cron("list"),
      ] {
        #expect(outcome.code == 65 && outcome.output == "")
        #expect(
          outcome.errors.hasPrefix("ecpipe: the crontab, line 2: the job \(night.name) begins "))
      }
      #expect(night.crontab == damaged)

      try night.place.write("1 2 * * * x\n", to: "crontab")
      try night.place.write("", to: "crontab.refuses")
      let refused = try night.cron("install", "small.yaml", "--at", "02:30", "--crontab")
      #expect(refused.code == 1)
      #expect(refused.errors == "ecpipe: crontab -: bad line; the crontab is as it was\n")
      #expect(night.crontab == "1 2 * * * x\n")
    }
  }

  @Test("a crontab that cannot be read is no empty one")
  func unreadable() throws {
    try NightPlace.with { night in
      try night.write(program: "crontab", "echo 'You are not allowed to use this' >&2; exit 1")
      let outcome = try night.cron("install", "small.yaml", "--at", "02:30", "--crontab")
      #expect(outcome.code == 1)
      #expect(
        outcome.errors
          == "ecpipe: crontab -l: You are not allowed to use this; nothing was changed\n")
    }
  }

  @Test("a schedule or data that are wrong are not installed")
  func invalid() throws {
    try NightPlace.with { night in
      for text in ["seed: x\n", ""] {
        try night.place.write(text, to: "bad.yaml")
        #expect(try night.cron("install", "bad.yaml", "--at", "02:30", "--crontab").code == 65)
      }
      #expect(try night.cron("install", "gone.yaml", "--at", "02:30", "--crontab").code == 66)
      try FileManager.default.removeItem(atPath: night.place.file("flowers.csv"))
      #expect(try night.cron("install", "small.yaml", "--at", "02:30", "--crontab").code == 66)
      #expect(night.crontab == nil)
    }
  }

  @Test(
    "a wrong command line is exit code 64, with what is allowed",
    arguments: [
      (["--at", "2:30"], "--at 2:30: give a time from 00:00 to 23:59 as HH:MM, such as 02:30"),
      (["--at", "24:00"], "--at 24:00: give a time from 00:00 to 23:59 as HH:MM, such as 02:30"),
      ([], "Missing expected argument '--at <hh:mm>'"),
      (
        ["--at", "02:30", "--systemd", "--crontab"], "--systemd and --crontab: a job has one place"
      ),
      (["--at", "02:30", "--user", "--crontab"], "--user belongs to --systemd"),
    ])
  func wrong(words: [String], text: String) throws {
    try NightPlace.with { night in
      let outcome = try night.place.run(["cron", "install", "small.yaml"] + words)
      #expect(outcome.code == 64 && outcome.output == "")
      #expect(outcome.errors.hasPrefix("ecpipe: \(text)"))
      #expect(night.crontab == nil)
    }
  }
}
