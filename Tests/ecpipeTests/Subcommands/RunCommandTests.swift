import Foundation
import Testing

@Suite("ecpipe run")
struct RunCommandTests {
  @Test("shows a line a stage and a table, and leaves what the layout of a run says")
  func plain() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let outcome = try place.run("run", "small.yaml")
      #expect(outcome.code == 0)
      #expect(outcome.errors == "")
      let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines[0] == "small: 6 stages, 6 to do")
      #expect(lines[1].hasPrefix("[1/6] train  87 weights  validation "))
      #expect(lines[8].hasPrefix("stage                  sparsity  weights  part "))
      #expect(lines.contains { $0.contains("times fewer weights") })
      #expect(
        lines.suffix(4) == [
          "result: checkpoints/small/result.safetensors", "next: ecpipe report small --open",
          "      ecpipe export small --output small.onnx", "",
        ])
      #expect(!outcome.output.contains("\u{1b}"))

      #expect(place.names(in: "checkpoints") == ["small", "small.lock"])
      let names = place.names(in: "checkpoints/small").map {
        $0.replacing(/-[0-9a-f]{8}\.safetensors/, with: "-KEY.safetensors")
      }
      #expect(
        names == [
          "01-train-KEY.safetensors", "03-alternate-01-prune-KEY.safetensors",
          "04-alternate-01-finetune-KEY.safetensors", "05-alternate-02-prune-KEY.safetensors",
          "06-alternate-02-finetune-KEY.safetensors", "events.jsonl", "report.csv",
          "report.html", "report.json", "result.safetensors", "run.json", "schedule.yaml",
        ])
      #expect(try place.text("checkpoints/small/schedule.yaml") == SmallRun.schedule)
      let result = try FileManager.default.destinationOfSymbolicLink(
        atPath: place.file("checkpoints/small/result.safetensors"))
      #expect(result.hasPrefix("06-alternate-02-finetune-"))
    }
  }

  @Test("again: does nothing, says so and changes no file")
  func again() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      let before = place.snapshot()
      let outcome = try place.run("run", "small.yaml")
      #expect(outcome.code == 0)
      #expect(
        outcome.output == "small: all 6 stages are done; nothing to do "
          + "(result: checkpoints/small/result.safetensors)\n")
      #expect(outcome.errors == "")
      // The lock says who held it last.
      var after = place.snapshot()
      after["checkpoints/small.lock"] = before["checkpoints/small.lock"]
      #expect(after == before)
    }
  }

  @Test("--quiet prints nothing, --json one object, whatever is left to do")
  func quietAndJSON() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      for _ in 0..<2 {
        let outcome = try place.run("run", "small.yaml", "--quiet")
        #expect((outcome.code, outcome.output, outcome.errors) == (0, "", ""))
      }
      let outcome = try place.run("run", "small.yaml", "--json", "--fresh")
      #expect(outcome.code == 0)
      let json = try JSONText(outcome.output)
      #expect(
        json.names == [
          "format", "loss", "message", "name", "original_total", "sizes", "stages", "status",
          "total",
        ])
      #expect(json.hasSortedNames)
      #expect(json.object["status"] as? String == "done")
      #expect(outcome.errors.hasPrefix("note: the old run is now "))
      #expect(place.names(in: "checkpoints") == ["small", "small.lock", "small.old-1"])
      #expect(try place.run("run", "small.yaml", "--json").output == outcome.output)
    }
  }

  @Test("--until stops behind a stage, --from computes again, --set replaces values")
  func parts() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let first = try place.run("run", "small.yaml", "--until", "train")
      #expect(first.code == 0)
      #expect(try place.checkpoints(of: "small").count == 1)
      #expect(first.output.contains("\nalternate/01/prune     pending "))
      try #require(place.run("run", "small.yaml").code == 0)
      let whole = try place.checkpoints(of: "small")
      #expect(whole.count == 5)

      let again = try place.run("run", "small.yaml", "--from", "alternate/02/prune")
      #expect(again.code == 0)
      #expect(again.output.hasPrefix("small: 6 stages, 2 to do\n[5/6] alternate/02/prune "))
      #expect(try place.checkpoints(of: "small") == whole)

      let other = try place.run(
        "run", "small.yaml", "--set", "stages[2].alternate.finetune.epochs=3")
      #expect(other.output.hasPrefix("small: 6 stages, 3 to do\n[4/6] alternate/01/finetune "))
      #expect(try place.checkpoints(of: "small").count == 5 + 3)
    }
  }

  @Test("an unknown stage is a wrong command line", arguments: ["--from", "--until"])
  func unknownStage(option: String) throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let outcome = try place.run("run", "small.yaml", option, "trian")
      #expect(outcome.code == 64)
      #expect(
        outcome.errors == "ecpipe: no stage is called trian; did you mean train? "
          + "(ecpipe plan lists the stages)\n")
      #expect(place.names(in: "checkpoints") == [])
    }
  }

  @Test("--from behind --until is a wrong command line, and changes nothing")
  func crossedParts() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      let before = place.snapshot()
      let outcome = try place.run(
        "run", "small.yaml", "--from", "alternate/01/prune", "--until", "train")
      #expect(outcome.code == 64)
      #expect(outcome.errors.hasPrefix("ecpipe: --from alternate/01/prune comes after --until "))
      #expect(place.snapshot() == before)
    }
  }

  @Test("the same bits whatever the number of threads")
  func threads() throws {
    let results = try [1, 3].map { threads in
      try Workplace.with { place in
        try SmallRun.write(to: place)
        try #require(place.run("run", "small.yaml", "--threads", "\(threads)").code == 0)
        return try place.checkpoints(of: "small")
      }
    }
    #expect(results[0] == results[1])
  }

  @Test("folders with spaces and letters beyond ASCII; paths relative to the schedule")
  func oddFolders() throws {
    try Workplace.with("ein größerer Ordner'") { place in
      try FileManager.default.createDirectory(
        atPath: place.file("meine Pläne"), withIntermediateDirectories: false)
      try place.write(SmallRun.flowers(), to: "meine Pläne/flowers.csv")
      try place.write(SmallRun.schedule, to: "meine Pläne/ein Plan.yaml")
      let outcome = try place.run(
        "run", "meine Pläne/ein Plan.yaml", "--checkpoints", "mes résultats/là")
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(place.names(in: "mes résultats/là") == ["small", "small.lock"])
      let status = try place.run("status", "small", "--checkpoints", "mes résultats/là")
      #expect(status.output.hasPrefix("small: done\n"))
      #expect(try place.run("resume", "mes résultats/là/small").code == 0)
    }
  }

  @Test("a terminal gets colours and a bar, unless NO_COLOR or TERM=dumb object")
  func terminal() throws {
    func shown(_ environment: [String: String]) throws -> String {
      try Workplace.with { place in
        try SmallRun.write(to: place)
        let terminal = try Terminal()
        let program = try place.start(
          ["run", "small.yaml"], environment: environment, terminal: terminal.path)
        let text = terminal.text(of: program)
        #expect(try program.outcome().code == 0)
        return text
      }
    }
    let coloured = try shown(["TERM": "xterm"])
    #expect(coloured.contains("\u{1b}[2m[1/6]\u{1b}[0m train"))
    #expect(coloured.contains("─"))
    let plain = try shown(["TERM": "xterm", "NO_COLOR": "1"])
    #expect(plain.contains("\u{1b}[K") && plain.contains("─"))
    #expect(!plain.contains("\u{1b}[2m") && !plain.contains("\u{1b}[32m"))
    let dumb = try shown(["TERM": "dumb"])
    #expect(!dumb.contains("\u{1b}") && !dumb.contains("─"))
    #expect(dumb.contains("[1/6] train  87 weights"))
    #expect(
      try shown(["TERM": "xterm", "ACCESSIBLE": "1"]).filter {
        $0 == "\u{1b}" || $0 == "─"
      } == "")
  }

  @Test("the folder of another schedule with the same name is taken over, and that is said")
  func sameName() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      try place.write(SmallRun.schedule + "# a copy\n", to: "other.yaml")
      let other = try place.run("run", "other.yaml", "--quiet", "--json")
      #expect(other.code == 0 && other.errors.isEmpty)
      try #require(place.run("run", "small.yaml").code == 0)
      let told = try place.run("run", "other.yaml")
      #expect(told.errors.hasPrefix("note: checkpoints/small: the last run here was of another "))
      #expect(told.errors.contains("/small.yaml; ") && told.errors.contains("--fresh"))
      // An edit of the same file is none of this, nor is a copy that says the same.
      #expect(try place.run("run", "other.yaml").errors.isEmpty)
      try place.write(SmallRun.schedule + "# a copy\n", to: "third.yaml")
      #expect(try place.run("run", "third.yaml").errors.isEmpty)
      try place.write(SmallRun.schedule + "# edited\n", to: "third.yaml")
      #expect(try place.run("run", "third.yaml").errors.isEmpty)
    }
  }
}
