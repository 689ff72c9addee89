import Nightly
import RunFixtures
import Runs
import Schedules
import Storage
import TestSupport
import Testing

@Suite("Who is told of a night") struct MonitoringTests {
  /// Other tests may have the threads that programs are waited for on.
  private static let patient = "timeout: 10m"

  /// A job whose hooks write into its folder, and what is said.
  private func told(
    _ hooks: String, _ state: HookSettings.State = .promoted, environment: [String: String] = [:],
    drifts: [ColumnDrift] = []
  ) throws -> (folder: TemporaryFolder, said: [String], failure: NightFailure?) {
    let folder = try TemporaryFolder()
    let text = NightFixture.head + "nightly: {\(hooks)}\n"
    let schedule = try RunSchedule(
      Array(text.utf8), file: folder.file("job.yaml"), environment: { environment[$0] })
    let settings = try #require(schedule.nightly)
    var said: [String] = []
    let monitoring = Monitoring(
      settings, folder: folder.file(""), environment: ["PATH": "/usr/bin:/bin"],
      say: { said.append($0) })
    var report = NightReport(name: "job", log: "/log")
    report.night = "2026-03-01T0230"
    report.state = state
    report.reason = "because {name}"
    report.exitCode = state == .promoted ? 0 : 1
    report.drifts = drifts
    var failure: NightFailure?
    do throws(NightFailure) {
      try monitoring.begin(report, json: ["a": 1])
      monitoring.end(report, json: ["a": 2], lastSuccess: "2026-03-01T00:00:00Z")
    } catch {
      failure = error
    }
    return (folder, said, failure)
  }

  @Test("commands get the report, their words are filled in, and no shell reads them")
  @MainActor func hooks() throws {
    let told = try told(
      "hooks: {before: {command: [tee, in.json], \(Self.patient)}, promoted: {command: "
        + "[touch, \"{night} {reason};x\"], \(Self.patient)}, error: [touch, error], "
        + "after: {command: [touch, after], states: [failed]}}")
    #expect(try told.folder.text("in.json") == "{\"a\":1}\n")
    #expect(FilePaths.exists(told.folder.file("2026-03-01T0230 because {name};x")))
    #expect(!FilePaths.exists(told.folder.file("error")))
    #expect(!FilePaths.exists(told.folder.file("after")))
    #expect(told.said.isEmpty && told.failure == nil)
  }

  @Test("a command that fails is a warning, but for the first")
  @MainActor func failures() throws {
    let late = try told(
      "hooks: {after: {command: [sh, -c, \"echo no >&2; exit 3\"], \(Self.patient)}}")
    #expect(late.said == ["warning: hooks: after: it ended with exit code 3: no"])
    #expect(late.failure == nil)
    let early = try told("hooks: {before: {command: [\"false\"], \(Self.patient)}}")
    #expect(early.failure == .hookFailed("it ended with exit code 1"))
    let slow = try told("hooks: {after: {command: [sleep, \"60\"], timeout: 1s}}")
    #expect(slow.said == ["warning: hooks: after: it took longer than 1 s"])
  }

  @Test("what comes from the environment is hidden wherever it turns up")
  @MainActor func secrets() throws {
    let told = try told(
      "hooks: {after: {command: [sh, -c, \"echo $0 >&2; exit 1\", \"${CANARY}\"], \(Self.patient)}}",
      environment: ["CANARY": "tweet-tweet"])
    #expect(told.said == ["warning: hooks: after: it ended with exit code 1: (hidden)"])
    let schedule = try RunSchedule(
      Array((NightFixture.head + "nightly: {monitor: {ping: \"http://canary/x\"}}").utf8),
      file: "job.yaml", environment: { _ in nil })
    #expect(!schedule.json.canonical.contains("canary"))
  }

  @Test("the textfile has help, type and base units, and says when a night last succeeded")
  @MainActor func textfile() throws {
    let told = try told("monitor: {textfile: out.prom}", .failed)
    let text = try told.folder.text("out.prom")
    #expect(
      text.hasPrefix(
        """
        # HELP ecpipe_night_last_success_timestamp_seconds When a night last came to a network.
        # TYPE ecpipe_night_last_success_timestamp_seconds gauge
        ecpipe_night_last_success_timestamp_seconds{name="job"} 1772323200.0
        # HELP ecpipe_night_exit_code Of the last night.
        # TYPE ecpipe_night_exit_code gauge
        ecpipe_night_exit_code{name="job"} 1.0

        """))
    #expect(text.contains("ecpipe_night_state{name=\"job\",state=\"failed\"} 1.0\n"))
  }

  @Test("the textfile has the columns that have moved farthest, each once, their names escaped")
  @MainActor func drifts() throws {
    func drift(_ name: String, _ count: Int) -> ColumnDrift {
      func profile(_ counts: [Int]) -> ColumnProfile {
        ColumnProfile(name: name, levels: ["x"], counts: counts)
      }
      return ColumnDrift(
        profile([count, 100]), since: profile([100, 100]), alarms: 0.001)
    }
    let columns = ["a\"b\\c\nd", "twice"] + (0..<30).map { "c\($0)" }
    let drifts =
      [drift(columns[0], 900), drift("twice", 800), drift("twice", 700)]
      + columns[2...].map { drift($0, 100) }
    let told = try told("monitor: {textfile: out.prom}", drifts: drifts)
    let text = try told.folder.text("out.prom")
    let samples = text.split(separator: "\n").filter { $0.hasPrefix("ecpipe_night_psi{") }
    #expect(samples.count == 20 && text.contains("# TYPE ecpipe_night_psi gauge\n"))
    #expect(samples[0].hasPrefix("ecpipe_night_psi{name=\"job\",column=\"a\\\"b\\\\c\\nd\"} 0.8"))
    #expect(samples.count { $0.contains("\"twice\"") } == 1)
    #expect(samples.last == "ecpipe_night_psi{name=\"job\",column=\"c17\"} 0.0")
  }

  @Test("a monitor that cannot be written is a warning")
  @MainActor func unwritable() throws {
    let told = try told("monitor: {textfile: no/such/folder.prom}")
    #expect(told.said.count == 1 && told.said[0].hasPrefix("warning: textfile: "))
  }
}
