import Foundation
import Glibc
import Testing

@Suite("Commands that are given a study")
struct StudyCommandsTests {
  private static let study = SmallRun.study(seeds: 2, baselines: "unpruned")

  /// A folder whose name has a space, with the study in it.
  private func with(_ body: (Workplace) throws -> Void) throws {
    try Workplace.with("ecpipe of a study") { place in
      try place.write(SmallRun.flowers(), to: "flowers.csv")
      try place.write(Self.study, to: "my study.yaml")
      try body(place)
    }
  }

  @Test("status, verify and show tell of a study that is done")
  func done() throws {
    try with { place in
      #expect(try place.run("compare", "my study.yaml", "--quiet").code == 0)
      // The only thing that is there is the latest.
      for arguments in [["status", "flowers"], ["status", "checkpoints/flowers"], ["status"]] {
        let status = try place.run(arguments)
        #expect(status.code == 0 && status.errors == "")
        #expect(status.output.hasPrefix("flowers: done\n"))
        #expect(status.output.contains("dense networks: 2 of 2 trained\n"))
        #expect(status.output.contains("results: checkpoints/flowers/results.csv\n"))
        #expect(!status.output.contains("go on with"))
      }
      let json = try JSONText(try place.run("status", "flowers", "--json").output)
      #expect(json.hasSortedNames && json.object["format"] as? Int == 1)
      #expect(json.object["kind"] as? String == "study")
      let cells = try #require(json.object["cells"] as? [String: Int])
      #expect(cells == ["total": 10, "done": 10, "running": 0, "failed": 0, "pending": 0])

      let verify = try place.run("verify", "flowers")
      #expect(verify.code == 0)
      #expect(
        verify.output.hasPrefix(
          "flowers: sound: 10 of 10 cells measured, 2 dense networks, 2 files of results, "))
      let compared = try place.run("compare", "my study.yaml").output
      let shown = try place.run("show", "flowers").output
      #expect(shown.contains("\nseeds     2: 1, 2\nratios    0.5, 0.8\nmethods   ec; magnitude\n"))
      #expect(shown.contains("\ncells     10 of 10 measured\n"))
      // The same tables.
      let tables = try #require(compared.range(of: "\n10 cells"))
      #expect(shown.contains(compared[..<tables.lowerBound]))
      let text = try JSONText(try place.run("show", "flowers", "--json").output)
      #expect(text.object["measured"] as? Int == 10)
      #expect(try text.objects("comparisons").count == 1)
      #expect(try place.run("show", "flowers", "--lineage").code == 64)

      // None of them needs the study's file or its data.
      try FileManager.default.removeItem(atPath: place.file("my study.yaml"))
      try FileManager.default.removeItem(atPath: place.file("flowers.csv"))
      #expect(try place.run("show", "flowers").output == shown)
      let gone = try place.run("status", "flowers").output
      #expect(gone.contains("my study.yaml is not there any more; a copy of the study is "))
      #expect(try place.run("verify", "flowers").code == 0)
    }
  }

  @Test("verify names what is damaged in a study, and compare puts it right")
  func damaged() throws {
    try with { place in
      #expect(try place.run("compare", "my study.yaml", "--quiet").code == 0)
      let names = place.names(in: "checkpoints/flowers")
      let dense = try #require(names.first { $0.hasPrefix("dense-") })
      for name in ["cells.jsonl", "results.csv", "report.html", "study.yaml", "study.json", dense] {
        let path = "checkpoints/flowers/" + name
        var bytes = try place.bytes(path)
        // A letter of the record's first key; elsewhere, any byte.
        let middle = name == "study.json" ? 20 : bytes.count / 2
        bytes[middle] ^= 1
        try place.write(bytes, to: path)
        let outcome = try place.run("verify", "flowers")
        #expect(outcome.code == 11, "\(name)")
        #expect(outcome.errors.contains("checkpoints/flowers/\(name): damaged: "), "\(name)")
        // The advice stands there once.
        #expect(outcome.errors.components(separatedBy: "ecpipe compare").count == 2, "\(name)")
        let needsWork = name == dense
        if needsWork {
          // Networks that no open cell needs stay as they are; so one is needed.
          try FileManager.default.removeItem(atPath: place.file("checkpoints/flowers/cells.jsonl"))
        }
        #expect(try place.run("compare", "my study.yaml", "--quiet").code == 0, "\(name)")
        #expect(try place.run("verify", "flowers").code == 0, "\(name)")
      }
    }
  }

  @Test(
    "a study that has lost a file is found by its name all the same, and verify says what is gone")
  func lost() throws {
    try with { place in
      #expect(try place.run("compare", "my study.yaml", "--quiet").code == 0)
      for name in ["study.yaml", "study.json", "cells.jsonl"] {
        try FileManager.default.removeItem(atPath: place.file("checkpoints/flowers/" + name))
        let outcome = try place.run("verify", "flowers")
        #expect(outcome.code == 11, "\(name)")
        #expect(
          outcome.errors.contains("checkpoints/flowers/\(name): damaged: the file is gone"),
          "\(name)")
        let status = try place.run("status", "flowers")
        #expect(status.code == (name == "study.json" ? 66 : 0), "\(name)")
        let isTold = status.errors.contains("the rest of the study is there")
        #expect(isTold == (name == "study.json"))
        #expect(try place.run("compare", "my study.yaml", "--quiet").code == 0, "\(name)")
        #expect(try place.run("verify", "flowers").code == 0, "\(name)")
      }
    }
  }

  @Test("status tells how far an interrupted study is, and the command that goes on works")
  func interrupted() throws {
    try with { place in
      try place.write(
        Self.study.replacing("train: {epochs: 4}", with: "train: {epochs: 20000}"),
        to: "my study.yaml")
      let program = try place.start(["compare", "my study.yaml", "--quiet"])
      try program.wait(for: "work to begin") {
        ((try? place.text("checkpoints/flowers/events.jsonl")) ?? "").contains("work_started")
      }
      let running = try place.run("status", "flowers").output
      #expect(running.hasPrefix("flowers: running\n"))
      #expect(running.contains("\nat work on:\n  flowers 4-8-5-3 dense seed "))
      program.signal(SIGTERM)
      #expect(try program.outcome().code == 75)
      let status = try place.run("status", "flowers").output
      #expect(status.hasPrefix("flowers: interrupted\n"))
      try place.write(Self.study, to: "my study.yaml")
      let changed = try place.run("status", "flowers").output
      #expect(changed.contains("my study.yaml has changed since"))
      let advice = try #require(
        status.split(separator: "\n").first { $0.hasPrefix("go on with: ecpipe ") })
      let words = advice.dropFirst("go on with: ecpipe ".count)
      #expect(words.hasPrefix("compare '/") && words.hasSuffix("/my study.yaml'"))
      let path = words.dropFirst("compare '".count).dropLast()
      #expect(try place.run("compare", String(path), "--quiet").code == 0)
      #expect(try place.run("status", "flowers").output.hasPrefix("flowers: done\n"))
    }
  }

  @Test("status tells which network failed, and why")
  func failed() throws {
    try with { place in
      try place.write(
        Self.study.replacing(
          "finetune: {epochs: 2}",
          with: "finetune: {epochs: 2, optimizer: {sgd: {learning_rate: 1.0e+38}}}"
        ).replacing("activation: tanh", with: "activation: relu"),
        to: "my study.yaml")
      let outcome = try place.run("compare", "my study.yaml", "--quiet", "--threads", "1")
      #expect(outcome.code == 1)
      let cell = "flowers 4-8-5-3 unpruned seed 1"
      #expect(outcome.errors.hasPrefix("ecpipe: \(cell): the loss is not a number at epoch 1, "))
      let status = try place.run("status", "flowers").output
      #expect(status.hasPrefix("flowers: failed: \(cell): the loss is not a number"))
      #expect(status.contains("\nfailed:\n  \(cell)\n"))
      let json = try JSONText(try place.run("status", "flowers", "--json").output)
      #expect((json.object["cells"] as? [String: Int])?["failed"] == 1)
      #expect((json.object["message"] as? String)?.hasPrefix(cell) == true)
      #expect(try json.objects("failures").map { $0["cell"] as? String } == [cell])
    }
  }

  @Test("validate checks a study, plan shows its cells, and run names the command for it")
  func before() throws {
    try with { place in
      let valid = try place.run("validate", "my study.yaml")
      #expect(valid.code == 0 && valid.errors == "")
      #expect(
        valid.output.hasPrefix(
          "my study.yaml: valid; a study of 10 cells, 2 dense networks to train first\n"))
      #expect(valid.output.contains("\n3 classes:\n"))
      let plan = try place.run("plan", "my study.yaml")
      #expect(plan.code == 0)
      // 4·8 + 8·5 + 5·3 = 87 weights, of which 0.8 go.
      #expect(plan.output.contains("\nflowers 4-8-5-3  unpruned       0.0       87      2\n"))
      #expect(plan.output.contains("\nflowers 4-8-5-3  magnitude      0.8       17      2\n"))
      let json = try JSONText(try place.run("plan", "my study.yaml", "--json").output)
      #expect(try json.objects("cells").count == 10 && json.object["kind"] as? String == "study")
      #expect(place.names(in: ".") == ["flowers.csv", "my study.yaml"])

      try place.write(Self.study + "\nquick: {seeds: 1}\n", to: "short.yaml")
      let short = try JSONText(place.run("plan", "short.yaml", "--quick", "--json").output)
      #expect(try short.objects("cells").count == 5)
      let checked = try place.run("validate", "short.yaml", "--quick")
      #expect(checked.output.contains("valid; a study of 5 cells, 1 dense network to train first"))
      // Whole units go, so that there may be fewer weights.
      let units = Self.study.components(separatedBy: "finetune")[0]
      try place.write(units + "kind: units\nseeds: 1\nratios: [0.5]\n", to: "units.yaml")
      let bounds = try place.run("plan", "units.yaml")
      #expect(bounds.code == 0 && bounds.output.contains("weights, at most"), "\(bounds.errors)")

      let run = try place.run("run", "my study.yaml")
      #expect(run.code == 64)
      #expect(
        run.errors == "ecpipe: my study.yaml: this is a study, not a schedule; use ecpipe compare "
          + "'my study.yaml'\n")
      #expect(try place.run("plan", "my study.yaml", "--set", "seeds=3").code == 64)
      try place.write(
        Self.study.replacing("ratios: [0.5, 0.8]", with: "ratios: [2.0]"), to: "wrong.yaml")
      #expect(try place.run("validate", "wrong.yaml").code == 65)

      try place.write(SmallRun.schedule, to: "run.yaml")
      #expect(try place.run("plan", "run.yaml", "--quick").code == 64)
      let compare = try place.run("compare", "run.yaml")
      #expect(compare.code == 64 && compare.errors.contains("use ecpipe run run.yaml"))
      #expect(try place.run("compare", "my study.yaml", "--quiet").code == 0)
      let named = try place.run("plan", "flowers")
      #expect(named.code == 64 && named.errors.contains("/my study.yaml'"))
      let unknown = try place.run("status", "nothing")
      #expect(unknown.code == 66)
      #expect(
        unknown.errors.contains("name a run or a study under checkpoints (there is flowers), or"))
    }
  }

  @Test("a study beyond the memory there is ends with 65 and the need, before anything is written")
  func memory() throws {
    try with { place in
      try place.write(
        Self.study.replacing("hidden: [8, 5]", with: "hidden: [1000000, 1000000]"),
        to: "my study.yaml")
      for command in ["validate", "plan", "compare"] {
        let outcome = try place.run(command, "my study.yaml")
        #expect(outcome.code == 65)
        #expect(
          outcome.errors.contains("dense seed 1 takes at least ")
            && outcome.errors.contains(" MiB of memory (weights "))
      }
      #expect(place.names(in: ".") == ["flowers.csv", "my study.yaml"])
    }
  }
}
