import Foundation
import Testing

@Suite("ecpipe status")
struct StatusCommandTests {
  @Test("--json: the documented fields for stages that are done, pending and leaves")
  func json() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "alternate/01/prune").code == 0)
      let outcome = try place.run("status", "small", "--json")
      #expect(outcome.code == 0)
      let json = try JSONText(outcome.output)
      #expect(
        json.names == [
          "format", "loss", "message", "name", "original_total", "stages", "status", "total",
        ])
      #expect(json.hasSortedNames)
      #expect(json.object["format"] as? Int == 1)
      #expect(json.object["status"] as? String == "stopped")
      let stages = try json.objects("stages")
      let documented: Set = [
        "name", "kind", "key", "status", "file", "bytes", "sparsity", "weights", "layers",
        "metrics",
      ]
      for stage in stages { #expect(documented.isSubset(of: stage.keys)) }
      #expect(
        stages.map { $0["status"] as? String } == [
          "done", "done", "done", "pending", "pending", "pending",
        ])
      let prune = stages[2]
      let file = try #require(prune["file"] as? String)
      #expect(try place.bytes("checkpoints/small/" + file).count == prune["bytes"] as? Int)
      #expect(prune["weights"] as? Int == 65)
      #expect(LayerCounts(prune)?.weights.values.reduce(0, +) == 65)
      let validation = (prune["metrics"] as? [String: [String: Any]])?["validation"]
      #expect(validation?.keys.sorted() == ["accuracy", "loss"])
      let test = (stages[1]["metrics"] as? [String: [String: Any]])?["test"]
      #expect(test?.keys.sorted() == ["accuracy", "loss"])
      #expect(stages[1]["file"] is NSNull && stages[1]["bytes"] is NSNull)
      #expect(stages[3]["file"] is NSNull && stages[3]["bytes"] is NSNull)
      #expect(stages[3]["layers"] is NSNull && stages[3]["metrics"] is NSNull)
    }
  }

  @Test("says which field of which stage has changed")
  func changes() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      #expect(try place.run("status").output.hasPrefix("small: done\n\nstage "))
      #expect(try place.run("status", "--quiet").output == "")
      try place.write(
        SmallRun.schedule.replacing("finetune: {epochs: 2}", with: "finetune: {epochs: 4}"),
        to: "small.yaml")
      let outcome = try place.run("status")
      #expect(outcome.code == 0)
      #expect(outcome.output.hasPrefix("small: changed\n"))
      #expect(outcome.output.contains("\nalternate/01/finetune is to be computed again:\n  epochs"))
      #expect(outcome.output.contains("epochs was 2 and is 4\n"))
      #expect(!outcome.output.contains("\ntrain is to be computed again"))
    }
  }

  @Test("a checkpoint that is not as it was is damaged; run computes it again")
  func damaged() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      let whole = try place.checkpoints(of: "small")
      let name = try #require(whole.keys.sorted().last)
      try place.write(whole[name]!.dropLast(), to: "checkpoints/small/" + name)
      let outcome = try place.run("status")
      #expect(outcome.output.contains("damaged"))
      let run = try place.run("run", "small.yaml")
      #expect(run.code == 0)
      #expect(run.errors.hasPrefix("warning: checkpoints/small/\(name): damaged"))
      #expect(try place.checkpoints(of: "small") == whole)
    }
  }

  @Test("a damaged run.json is exit code 11 and names the file", arguments: ["status", "resume"])
  func damagedManifest(command: String) throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      let text = try place.text("checkpoints/small/run.json")
      try place.write(text.replacing("0.5", with: "0.6"), to: "checkpoints/small/run.json")
      let before = place.snapshot()
      let outcome = try place.run(command, "small")
      #expect(outcome.code == 11)
      #expect(outcome.errors.hasPrefix("ecpipe: checkpoints/small/run.json: damaged"))
      #expect(place.snapshot() == before)
    }
  }
}
