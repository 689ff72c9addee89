import Cron
import Foundation
import Programs
import TestSupport
import Testing

@Suite("Crontab", .early) struct CrontabTests {
  /// Other lines of a user, with bytes that are no text, and an environment.
  private static let others =
    Array("# mine\r\nMAILTO=me\n\n5 4 * * * old % input\n".utf8) + [0xff, 0xfe, 0x0a]

  private func job(
    name: String = "digits", at: String = "02:30", schedule: String = "/srv/digits.yaml",
    path: String? = "/usr/bin:/bin"
  ) throws -> NightlyJob {
    try NightlyJob(
      name: name, at: #require(TimeOfDay(at)), program: "/opt/ecpipe", schedule: schedule,
      checkpoints: "/srv/checkpoints", path: path, language: "de_DE.UTF-8")
  }

  @Test("a block is a line for cron between two marks")
  func block() throws {
    #expect(
      try Crontab.block(of: job())
        == """
        # ecpipe begin: digits (made by ecpipe cron install, taken out by ecpipe cron remove)
        30 2 * * * cd /srv && LANG=de_DE.UTF-8 PATH=/usr/bin:/bin exec /opt/ecpipe run \
        /srv/digits.yaml --nightly --checkpoints /srv/checkpoints --log \
        /srv/checkpoints/digits/nightly.log
        # ecpipe end: digits

        """)
  }

  @Test(
    "names with blanks, quotes, percent signs, dollars and backslashes are quoted for cron and sh")
  func golden() throws {
    let text = try NastyJob.names.map { try Crontab.block(of: NastyJob.job($0)) }.joined()
    let url = try GoldenFile.url("nasty.crontab")
    if ProcessInfo.processInfo.environment["ECPIPE_GOLDEN"] == "write" {
      try text.write(to: url, atomically: true, encoding: .utf8)
    }
    #expect(try text == String(contentsOf: url, encoding: .utf8))
  }

  @Test("what is installed is read back as it was", arguments: NastyJob.names)
  func readBack(name: String) throws {
    let job = try NastyJob.job(name)
    let found = try #require(try Crontab(Crontab().installing(job)).jobs.first)
    #expect(found.name == "digits")
    #expect(found.at == "02:30")
    #expect(found.words == job.words)
    #expect(found.schedule == job.schedule && found.checkpoints == job.checkpoints)
    #expect(found.log == job.log && found.program == job.program)
    #expect(!found.hasProgram && !found.hasSchedule)
  }

  /// What cron hands to the shell: Debian's takes the backslash before a percent sign only, others
  /// also before a backslash.
  private func handed(_ command: Substring, takesTwo: Bool) -> String {
    var text = ""
    var rest = command
    while let character = rest.popFirst() {
      if character == "\\", let next = rest.popFirst() {
        if next != "%", !(takesTwo && next == "\\") { text.append(character) }
        text.append(next)
      } else {
        #expect(character != "%", "it would end the command")
        text.append(character)
      }
    }
    return text
  }

  @Test(
    "the shell gets every word, folder and variable as it is", .timeLimit(.minutes(1)),
    arguments: [true, false])
  @MainActor func shell(takesTwo: Bool) throws {
    let folder = try TemporaryFolder()
    for name in NastyJob.names {
      let place = folder.file(name)
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      try ScriptFile.write(
        #"#!/bin/sh\#nprintf '%s\0' "$PWD" "$PATH" "$LANG" "$0" "$@"\#n"#, to: place + "/ecpipe")
      let job = try NastyJob.job(name, in: folder.path)
      let lines = try Crontab.block(of: job).split(separator: "\n")
      let command = lines[1].dropFirst("30 2 * * * ".count)
      let outcome = try Program(
        "/bin/sh", ["-c", handed(command, takesTwo: takesTwo)], environment: ["HOME": "/"],
        limit: .seconds(30)
      ).run()
      #expect(outcome.errorText == "")
      let words = outcome.outputText.split(separator: "\0", omittingEmptySubsequences: false)
      #expect(
        words.dropLast().map(String.init) == [place, "/usr/bin:/bin", "C.UTF-8"] + job.words,
        "\(name)")
    }
  }

  @Test("all that is not ecpipe's stays byte for byte, when installing, again, anew and removing")
  func others() throws {
    let installed = try Crontab(Self.others).installing(job())
    #expect(Array(installed.prefix(Self.others.count)) == Self.others)
    #expect(try Crontab(installed).installing(job()) == installed)
    let more = installed + Self.others.dropFirst(3)
    let later = try Crontab(more).installing(job(at: "23:05"))
    #expect(later != more)
    #expect(try Crontab(later).jobs.map(\.at) == ["23:05"])
    #expect(later.starts(with: Self.others) && later.suffix(30) == more.suffix(30))
    #expect(try Crontab(later).removing("digits") == Self.others + Self.others.dropFirst(3))
    #expect(try Crontab(later).removing("other") == later)
    #expect(try Crontab(installed).removing("digits") == Self.others)
  }

  @Test("a last line without its break gets one before the block")
  func openLine() throws {
    let installed = try Crontab(Array("1 2 * * * x".utf8)).installing(job())
    #expect(String(decoding: installed, as: UTF8.self).hasPrefix("1 2 * * * x\n# ecpipe begin"))
  }

  @Test("several jobs stand side by side, also one whose name begins like another's")
  func several() throws {
    var bytes = try Crontab().installing(job())
    bytes = try Crontab(bytes).installing(job(name: "digit", at: "03:00"))
    bytes = try Crontab(bytes).installing(job(name: "digits2", at: "04:00"))
    #expect(try Crontab(bytes).jobs.map(\.name) == ["digits", "digit", "digits2"])
    bytes = try Crontab(bytes).removing("digit")
    #expect(try Crontab(bytes).jobs.map(\.name) == ["digits", "digits2"])
  }

  @Test(
    "what somebody has changed by hand is seen",
    arguments: [
      ("30 2 * * *", "15 4 * * *", "04:15"), ("30 2 * * *", "*/5 * * * 1-5", "*/5 * * * 1-5"),
      ("30 2 * * *", "30\t2  * * 1", "30 2 * * 1"), ("30 2 * * *", "7,9 2 * * *", "7,9 2 * * *"),
    ])
  func byHand(old: String, new: String, shown: String) throws {
    let text = try Crontab.block(of: job()).replacing(old, with: new)
    let found = try #require(try Crontab(Array(text.utf8)).jobs.first)
    #expect(found.at == shown)
    #expect(found.schedule == "/srv/digits.yaml")
  }

  @Test("a block whose line is gone, or cannot be read, is a job of which nothing is known")
  func emptied() throws {
    for line in ["", "# 30 2 * * * x\n", "30 2 * * * exec 'open\n", "30 2\n"] {
      let text = "# ecpipe begin: digits (x)\n\(line)# ecpipe end: digits\n"
      let found = try #require(try Crontab(Array(text.utf8)).jobs.first)
      #expect(found.name == "digits" && found.words == [] && found.schedule == nil)
    }
  }

  @Test(
    "marks that do not fit together are an error with their line",
    arguments: [
      ("\n# ecpipe begin: a\n1 2 * * * x\n", 2, CronError.Damage.beginWithoutEnd("a")),
      ("# ecpipe begin: a\n# ecpipe begin: b\n# ecpipe end: b\n", 1, .beginWithoutEnd("a")),
      ("x\n# ecpipe end: a\n", 2, .endWithoutBegin("a")),
      ("# ecpipe begin: a\n# ecpipe end: b\n", 2, .endWithoutBegin("b")),
      (
        "# ecpipe begin: a\n# ecpipe end: a\n\n# ecpipe begin: a\n# ecpipe end: a\n", 4,
        .twice("a")
      ),
    ])
  func damaged(text: String, line: Int, damage: CronError.Damage) throws {
    #expect(throws: CronError.damagedCrontab(line: line, damage)) {
      try Crontab(Array(text.utf8))
    }
  }

  @Test("a line that cron would cut off is refused, with what is long about it")
  func tooLong() throws {
    let base = try Crontab.block(of: job()).split(separator: "\n")[1].utf8.count - 11
    let longest = String(repeating: "p", count: Crontab.longestCommand - base)
    _ = try Crontab.block(of: job(path: "/usr/bin:/bin" + longest))
    let error = try #require(throws: CronError.self) {
      try Crontab.block(of: job(path: "/usr/bin:/bin" + longest + "p"))
    }
    #expect(error == .tooLong(bytes: 999, path: 14 + longest.count))
  }
}
