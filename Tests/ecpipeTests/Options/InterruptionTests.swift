import Foundation
import Glibc
import Testing

/// Runs that are stopped by signals while they train, on the clock of the program's own events.
@Suite("Interrupted runs")
struct InterruptionTests {
  /// A folder with a run that is to be hit inside a stage.
  private struct Target {
    let place: Workplace
    /// Epochs of the first stage.
    let epochs: Int

    init(_ place: Workplace, epochs: Int) throws {
      self.place = place
      self.epochs = epochs
      try SmallRun.write(to: place)
      let tuning = "optimizer: {sgd: {learning_rate: 0.01, momentum: 0.9}}"
      let text = SmallRun.schedule
        .replacing("batch: 7", with: "batch: 2")
        .replacing("train: {epochs: 6}", with: "train: {epochs: \(epochs)}")
        .replacing("finetune: {epochs: 2}", with: "finetune: {epochs: \(epochs / 2), \(tuning)}")
      try place.write(text, to: "small.yaml")
    }

    /// Starts `ecpipe`, by a shell behind the command `shell` where there is one, and waits until it has
    /// done an epoch of `stage`.
    func start(
      _ arguments: [String] = ["run", "small.yaml", "--quiet"], inside stage: String,
      environment: [String: String] = [:], terminal: String? = nil, shell: String? = nil
    ) throws -> RunningProgram {
      let size = logSize
      let program =
        if let shell {
          try RunningProgram(
            "/bin/sh", ["-c", shell + #"; exec "$0" "$@""#, Program.path()] + arguments,
            in: place.path)
        } else {
          try place.start(arguments, environment: environment, terminal: terminal)
        }
      try program.wait(for: "an epoch of \(stage)") {
        logSize > size && lastEvent.contains(#""event":"epoch_finished""#)
          && lastEvent.contains("\"stage\":\"\(stage)\"")
      }
      return program
    }

    /// - Throws: `ProgramError.tooLate` when the first stage is over.
    func requireInsideFirstStage() throws {
      if try !place.checkpoints(of: "small").isEmpty { throw ProgramError.tooLate }
    }

    /// Ends `program` by `signal`.
    ///
    /// - Throws: `ProgramError.tooLate` when it had nothing left to do.
    func end(_ program: RunningProgram, by signal: Int32) throws -> Outcome {
      program.signal(signal)
      let outcome = try program.outcome()
      if outcome.code == 0 { throw ProgramError.tooLate }
      return outcome
    }

    private var log: String { place.file("checkpoints/small/events.jsonl") }

    /// Bytes in the log of events.
    private var logSize: Int {
      (try? FileManager.default.attributesOfItem(atPath: log)[.size] as? Int) ?? 0
    }

    /// The last whole line of the log: where the run is now. The log is long, so only its end is read.
    private var lastEvent: String {
      guard let handle = FileHandle(forReadingAtPath: log) else { return "" }
      defer { try? handle.close() }
      try? handle.seek(toOffset: UInt64(max(0, logSize - 2048)))
      let end = String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
      let lines = end.split(separator: "\n", omittingEmptySubsequences: false)
      return lines.count < 2 ? "" : String(lines[lines.count - 2])
    }
  }

  /// Calls `body` with a run to hit, and again with longer ones while a signal comes after the end: how
  /// long a stage takes is a matter of the machine.
  private func hitting(_ body: (Target) throws -> Void) throws {
    for epochs in [300, 1500, 7500] {
      do {
        return try Workplace.with { try body(Target($0, epochs: epochs)) }
      } catch ProgramError.tooLate {
        continue
      }
    }
    throw ProgramError.tooLate
  }

  /// The checkpoints of the same run as `target`'s, without any interruption.
  private func uninterrupted(_ target: Target) throws -> [String: Data] {
    try Workplace.with { place in
      _ = try Target(place, epochs: target.epochs)
      let outcome = try place.run("run", "small.yaml", "--quiet")
      try #require(outcome.code == 0, "\(outcome.errors)")
      return try place.checkpoints(of: "small")
    }
  }

  /// What the first signal is answered with.
  private static func answer(_ name: String) -> String {
    "ecpipe: \(name): saving and ending after this step; a second SIGINT or SIGTERM ends at once\n"
  }

  @Test("signals that ask to stop save and end with 75; the command named goes on to the same bits")
  func signals() throws {
    try hitting { target in
      let place = target.place
      let ends = [
        (SIGINT, "SIGINT", "train"), (SIGTERM, "SIGTERM", "train"),
        (SIGHUP, "SIGHUP", "alternate/01/finetune"), (SIGXCPU, "SIGXCPU", "alternate/02/finetune"),
      ]
      for (signal, name, stage) in ends {
        let outcome = try target.end(target.start(inside: stage), by: signal)
        #expect((outcome.code, outcome.output) == (75, ""))
        let message = try #require(
          outcome.errors.dropFirst(Self.answer(name).count).wholeMatch(
            of: #/ecpipe: interrupted in stage (\S+); all is saved; go on with: (.+)\n/#))
        #expect(outcome.errors.hasPrefix(Self.answer(name)))
        #expect(message.2 == "\(try Program.path()) run small.yaml --quiet")
        let status = try JSONText(place.run("status", "small", "--json").output)
        #expect(status.object["status"] as? String == "interrupted")
        let open = try status.objects("stages").first { $0["status"] as? String != "done" }
        #expect(open?["name"] as? String == String(message.1))
        if message.1 == stage {
          #expect(open?["status"] as? String == "interrupted")
          #expect(place.names(in: "checkpoints/small").contains("progress.safetensors"))
        }
      }
      let last = try place.run("run", "small.yaml")
      #expect(last.code == 0)
      #expect(last.output.contains("[6/6] alternate/02/finetune  goes on after epoch "))
      #expect(try place.checkpoints(of: "small") == uninterrupted(target))
      #expect(!place.names(in: "checkpoints/small").contains("progress.safetensors"))
    }
  }

  @Test(
    "a command that waits for its schedule from a pipe ends at once, with nothing begun",
    arguments: ["run", "compare"])
  func waiting(command: String) throws {
    try Workplace.with { place in
      try #require(mkfifo(place.file("pipe"), 0o600) == 0)
      let program = try place.start([command, "pipe"])
      try program.wait(for: "the handler of SIGTERM") {
        let status = try? String(contentsOfFile: "/proc/\(program.pid)/status", encoding: .utf8)
        let caught = status?.firstMatch(of: #/SigCgt:\s+([0-9a-f]+)/#)?.1
        return caught.flatMap { UInt64($0, radix: 16) }.map { $0 >> (SIGTERM - 1) & 1 == 1 } == true
      }
      program.signal(SIGTERM)
      let outcome = try program.outcome()
      #expect((outcome.code, outcome.output) == (75, ""))
      #expect(outcome.errors.hasSuffix("ecpipe: nothing was begun\n"))
      #expect(!place.names(in: ".").contains("checkpoints"))
    }
  }

  @Test("a second signal ends at once, SIGKILL anyhow; what was saved goes on to the same bits")
  func killed() throws {
    try hitting { target in
      // Both signals are there when the process goes on, so the second comes before the end.
      let twice = try target.start(inside: "train")
      try twice.stop()
      for signal in [SIGINT, SIGTERM] { twice.signal(signal) }
      let outcome = try target.end(twice, by: SIGCONT)
      #expect(outcome.code == 128 + SIGINT || outcome.code == 128 + SIGTERM)
      #expect([Self.answer("SIGINT"), Self.answer("SIGTERM")].contains(outcome.errors))
      // Killed with nothing saved, then with progress saved before, then behind a finished stage.
      let ends = [
        (SIGKILL, "train", 128 + SIGKILL), (SIGINT, "train", 75), (SIGKILL, "train", 128 + SIGKILL),
        (SIGKILL, "alternate/01/finetune", 128 + SIGKILL),
      ]
      for (signal, stage, code) in ends {
        #expect(try target.end(target.start(inside: stage), by: signal).code == code)
      }
      #expect(try target.place.run("run", "small.yaml", "--quiet").code == 0)
      #expect(try target.place.checkpoints(of: "small") == uninterrupted(target))
    }
  }

  @Test("--json and a terminal keep the message on standard error, on a line of its own")
  func messages() throws {
    try hitting { target in
      let program = try target.start(["run", "small.yaml", "--json"], inside: "train")
      let outcome = try target.end(program, by: SIGINT)
      try target.requireInsideFirstStage()
      #expect((outcome.code, outcome.output) == (75, ""))
      #expect(
        outcome.errors.hasPrefix(Self.answer("SIGINT") + "ecpipe: interrupted in stage train; "))

      let terminal = try Terminal()
      let shown = try target.start(
        ["resume"], inside: "train", environment: ["TERM": "xterm"], terminal: terminal.path)
      shown.signal(SIGTERM)
      let text = terminal.text(of: shown)
      try target.requireInsideFirstStage()
      #expect(try shown.outcome().code == 75)
      let command = "\(try Program.path()) resume checkpoints/small"
      let line = "\r\u{1b}[Kecpipe: interrupted in stage train; all is saved; go on with: "
      #expect(text.hasSuffix(line + command + "\r\n"), "\(text)")
    }
  }

  @Test(
    "the first signal is answered before the step ends; repeated SIGHUP and SIGXCPU do not kill")
  func answered() throws {
    try hitting { target in
      let program = try target.start(inside: "train")
      try program.stop()
      for signal in [SIGHUP, SIGXCPU, SIGHUP] { program.signal(signal) }
      let outcome = try target.end(program, by: SIGCONT)
      #expect(outcome.code == 75)
      #expect(
        [Self.answer("SIGHUP"), Self.answer("SIGXCPU")].contains { outcome.errors.hasPrefix($0) })
    }
  }

  @Test("a signal that was ignored at the start stays ignored, as under nohup")
  func ignored() throws {
    try hitting { target in
      let program = try target.start(inside: "train", shell: "trap '' HUP QUIT")
      program.signal(SIGHUP)
      program.signal(SIGQUIT)
      try target.requireInsideFirstStage()
      let outcome = try target.end(program, by: SIGTERM)
      #expect((outcome.code, outcome.output) == (75, ""))
      #expect(outcome.errors.hasPrefix(Self.answer("SIGTERM")))
    }
  }

  @Test("SIGQUIT ends the process, with nothing printed")
  func quit() throws {
    try hitting { target in
      let program = try target.start(inside: "train", shell: "ulimit -c 0")
      let outcome = try target.end(program, by: SIGQUIT)
      #expect((outcome.code, outcome.output, outcome.errors) == (128 + SIGQUIT, "", ""))
    }
  }

  @Test("a second run on the same folder ends at once with 10, and says who has it since when")
  func locked() throws {
    try hitting { target in
      let place = target.place
      let program = try target.start(inside: "train")
      try program.stop()
      try target.requireInsideFirstStage()
      let before = place.snapshot()
      let commands = [
        ["run", "small.yaml"], ["resume", "small"], ["run", "small.yaml", "--fresh"],
      ]
      for arguments in commands {
        let clock = ContinuousClock.now
        let outcome = try place.run(arguments)
        #expect(ContinuousClock.now - clock < .seconds(5))
        #expect((outcome.code, outcome.output) == (10, ""))
        let pattern = #/ecpipe: .*/small\.lock: .*\(pid (\d+) on (\S+) since (\S+)\).*\n/#
        let match = try #require(outcome.errors.wholeMatch(of: pattern), "\(outcome.errors)")
        #expect(match.1 == "\(program.pid)")
        #expect(!match.2.isEmpty)
        #expect(match.3.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/#) != nil)
      }
      let status = try JSONText(place.run("status", "small", "--json").output)
      #expect(status.object["status"] as? String == "running")
      #expect(try status.objects("stages")[0]["status"] as? String == "running")
      #expect(place.snapshot() == before)
      // The lock ends with the process, however that ends.
      #expect(try target.end(program, by: SIGKILL).code == 128 + SIGKILL)
      #expect(try place.run("run", "small.yaml", "--until", "train", "--quiet").code == 0)
    }
  }

  @Test("data that change under an unfinished stage are an error that names --fresh")
  func changedData() throws {
    try hitting { target in
      let place = target.place
      try #require(target.end(target.start(inside: "train"), by: SIGINT).code == 75)
      try target.requireInsideFirstStage()
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
