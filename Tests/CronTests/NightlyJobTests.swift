import Cron
import Glibc
import TestSupport
import Testing

@Suite("NightlyJob") struct NightlyJobTests {
  private func job(
    name: String = "n", schedule: String = "/s/n.yaml", path: String? = nil,
    language: String? = nil
  ) throws -> NightlyJob {
    try NightlyJob(
      name: name, at: #require(TimeOfDay("00:00")), program: "/p", schedule: schedule,
      checkpoints: "checkpoints", path: path, language: language)
  }

  @Test("relative paths count from the present folder, and links in them stay")
  func paths() throws {
    let folder = try TemporaryFolder()
    let here = try #require(getcwd(nil, 0).map { String(cString: $0) })
    let job = try job(schedule: "./a//n.yaml")
    #expect(job.schedule == here + "/a/n.yaml" && job.folder == here + "/a")
    #expect(job.checkpoints == here + "/checkpoints")
    #expect(job.log == here + "/checkpoints/n/nightly.log")
    try #require(mkdir(folder.file("real"), 0o755) == 0)
    try #require(symlink("real", folder.file("link")) == 0)
    #expect(NightlyJob.fixed(folder.file("link/n.yaml")) == folder.file("link/n.yaml"))
    #expect(NightlyJob.fixed(folder.file("link/../n.yaml")) == folder.file("n.yaml"))
  }

  @Test(
    "of PATH the folders from the root are kept, each once; without one the usual ones are taken")
  func searched() throws {
    #expect(try job(path: "/b:.:/a::bin:/b:/c d").path == "/b:/a:/c d")
    let usual = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    for none in [nil, "", ".:x"] { #expect(try job(path: none).path == usual) }
    #expect(try job(language: "").language == "C.UTF-8" && job().language == "C.UTF-8")
    #expect(try job(language: "de_DE").language == "de_DE")
  }

  @Test(
    "a line break or another control character is refused", arguments: ["a\nb", "a\rb", "a\tb"])
  func controls(name: String) {
    #expect(throws: CronError.unusable("/s/\(name)/n.yaml")) {
      try job(schedule: "/s/\(name)/n.yaml")
    }
    #expect(throws: CronError.unusable("/\(name)")) { try job(path: "/\(name)") }
  }
}
