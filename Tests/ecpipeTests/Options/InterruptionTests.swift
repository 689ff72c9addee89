import Foundation
import Glibc
import Testing

/// Runs that are stopped by signals while they train, on the clock of the program's own events.
@Suite("Interrupted runs")
struct InterruptionTests {
  /// A schedule whose stages take long enough to be hit.
  private static let schedule = SmallRun.schedule
    .replacing("batch: 7", with: "batch: 2")
    .replacing("train: {epochs: 6}", with: "train: {epochs: 300}")
    .replacing(
      "finetune: {epochs: 2}",
      with: "finetune: {epochs: 150, optimizer: {sgd: {learning_rate: 0.01, momentum: 0.9}}}")

  /// The checkpoints of the run without any interruption.
  private static let uninterrupted: Result<[String: Data], any Error> = Result {
    try Workplace.with { place in
      try write(to: place)
      let outcome = try place.run("run", "small.yaml", "--quiet")
      try #require(outcome.code == 0, "\(outcome.errors)")
      return try place.checkpoints(of: "small")
    }
  }

  private static func write(to place: Workplace) throws {
    try SmallRun.write(to: place)
    try place.write(schedule, to: "small.yaml")
  }

  /// Starts the run and waits until it is inside `stage`.
  private func start(_ place: Workplace, inside stage: String) throws -> RunningProgram {
    let before = events(place, in: stage)
    let program = try place.start(["run", "small.yaml", "--quiet"])
    try program.wait(for: "an epoch of \(stage)") { events(place, in: stage) > before }
    return program
  }

  /// Epochs that the log counts in `stage`.
  private func events(_ place: Workplace, in stage: String) -> Int {
    let log = (try? place.text("checkpoints/small/events.jsonl")) ?? ""
    return log.split(separator: "\n").count {
      $0.contains(#""event":"epoch_finished""#) && $0.contains("\"stage\":\"\(stage)\"")
    }
  }

  @Test("SIGINT and SIGTERM save and end with 75; the command in the message goes on to the same bits")
  func signals() throws {
    try Workplace.with { place in
      try Self.write(to: place)
      let stages = [
        (SIGINT, "train"), (SIGTERM, "train"), (SIGINT, "alternate/01/finetune"),
        (SIGTERM, "alternate/02/finetune"),
      ]
      for (signal, stage) in stages {
        let program = try start(place, inside: stage)
        program.signal(signal)
        let outcome = try program.outcome()
        #expect(outcome.code == 75)
        #expect(outcome.output == "")
        let command = "\(try Program.path()) run small.yaml --quiet"
        #expect(
          outcome.errors
            == "ecpipe: interrupted in stage \(stage); all is saved; go on with: \(command)\n")
        #expect(place.names(in: "checkpoints/small").contains("progress.safetensors"))
        let status = try place.run("status", "small", "--json")
        let found = try JSONText(status.output)
        #expect(found.object["status"] as? String == "interrupted")
        #expect(
          try found.objects("stages").first { $0["status"] as? String == "interrupted" }?["name"]
            as? String == stage)
      }
      let last = try place.run("run", "small.yaml")
      #expect(last.code == 0)
      #expect(last.output.contains("[6/6] alternate/02/finetune  goes on after epoch "))
      #expect(try place.checkpoints(of: "small") == Self.uninterrupted.get())
      #expect(!place.names(in: "checkpoints/small").contains("progress.safetensors"))
    }
  }

  @Test("a second signal ends at once, SIGKILL anyhow; what was saved goes on to the same bits")
  func killed() throws {
    try Workplace.with { place in
      try Self.write(to: place)
      // Both signals are there when the process goes on, so the second comes before the end.
      let twice = try start(place, inside: "train")
      for signal in [SIGSTOP, SIGINT, SIGTERM, SIGCONT] { twice.signal(signal) }
      let outcome = try twice.outcome()
      #expect(outcome.code == 128 + SIGINT || outcome.code == 128 + SIGTERM)
      #expect(outcome.errors == "")
      // Killed with nothing saved, then with progress saved before, then behind a finished stage.
      let ends = [
        (SIGKILL, "train"), (SIGINT, "train"), (SIGKILL, "train"),
        (SIGKILL, "alternate/01/finetune"),
      ]
      for (signal, stage) in ends {
        let program = try start(place, inside: stage)
        program.signal(signal)
        #expect(try program.outcome().code == (signal == SIGINT ? 75 : 128 + signal))
      }
      #expect(try place.run("run", "small.yaml", "--quiet").code == 0)
      #expect(try place.checkpoints(of: "small") == Self.uninterrupted.get())
    }
  }

  @Test("--json and a terminal keep the message on standard error, on a line of its own")
  func messages() throws {
    try Workplace.with { place in
      try Self.write(to: place)
      let program = try place.start(["run", "small.yaml", "--json"])
      try program.wait(for: "an epoch") { events(place, in: "train") > 0 }
      program.signal(SIGINT)
      let outcome = try program.outcome()
      #expect((outcome.code, outcome.output) == (75, ""))
      #expect(outcome.errors.hasPrefix("ecpipe: interrupted in stage train; "))

      let terminal = try Terminal()
      let shown = try place.start(
        ["resume"], environment: ["TERM": "xterm"], terminal: terminal.path)
      let before = events(place, in: "train")
      try shown.wait(for: "an epoch") { events(place, in: "train") > before }
      shown.signal(SIGTERM)
      let text = terminal.text(of: shown)
      #expect(try shown.outcome().code == 75)
      let path = try Program.path()
      #expect(
        text.hasSuffix(
          "\r\u{1b}[2Kecpipe: interrupted in stage train; all is saved; go on with: "
            + "\(path) resume checkpoints/small\r\n"))
    }
  }

  @Test("a second run on the same folder ends at once with 10, and says who has it since when")
  func locked() throws {
    try Workplace.with { place in
      try Self.write(to: place)
      let program = try start(place, inside: "train")
      program.signal(SIGSTOP)
      let before = place.snapshot()
      for arguments in [["run", "small.yaml"], ["resume", "small"], ["run", "small.yaml", "--fresh"]]
      {
        let clock = ContinuousClock.now
        let outcome = try place.run(arguments)
        #expect(ContinuousClock.now - clock < .seconds(5))
        #expect((outcome.code, outcome.output) == (10, ""))
        let pattern =
          /ecpipe: checkpoints\/small\.lock: .*\(pid (\d+) on (\S+) since (\S+)\).*\n/
        let match = try #require(outcome.errors.wholeMatch(of: pattern))
        #expect(match.1 == "\(program.pid)")
        #expect(String(match.2) == ProcessInfo.processInfo.hostName || !match.2.isEmpty)
        #expect(match.3.contains(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/))
      }
      let status = try JSONText(place.run("status", "small", "--json").output)
      #expect(status.object["status"] as? String == "running")
      #expect(try status.objects("stages")[0]["status"] as? String == "running")
      #expect(place.snapshot() == before)
      // The lock ends with the process, however that ends.
      program.signal(SIGKILL)
      _ = try program.outcome()
      #expect(try place.run("run", "small.yaml", "--quiet").code == 0)
    }
  }

  @Test("data that change under an unfinished stage are an error that names --fresh")
  func changedData() throws {
    try Workplace.with { place in
      try Self.write(to: place)
      let program = try start(place, inside: "train")
      program.signal(SIGINT)
      try #require(program.outcome().code == 75)
      try place.write(SmallRun.flowers(rows: 61), to: "flowers.csv")
      let before = place.snapshot()
      for command in [["run", "small.yaml"], ["resume"]] {
        let outcome = try place.run(command)
        #expect((outcome.code, outcome.output) == (65, ""))
        #expect(outcome.errors.contains("the data have changed since stage train"))
        #expect(outcome.errors.contains("--fresh"))
        var after = place.snapshot()
        after["checkpoints/small.lock"] = before["checkpoints/small.lock"]
        #expect(after == before)
      }
      let fresh = try place.run(
        "run", "small.yaml", "--fresh", "--until", "train", "--quiet")
      #expect(fresh.code == 0)
      #expect(place.names(in: "checkpoints") == ["small", "small.lock", "small.old-1"])
    }
  }
}
