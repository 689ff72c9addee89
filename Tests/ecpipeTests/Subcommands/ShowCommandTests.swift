import Foundation
import Testing

@Suite("ecpipe show")
struct ShowCommandTests {
  @Test("shows layers, counts and lineage of a checkpoint, or of a run's result")
  func plain() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      let outcome = try place.run("show", "small")
      #expect(outcome.code == 0)
      #expect(outcome.output.contains("network   4-8-5-3, tanh\n"))
      #expect(outcome.output.contains("weights   43 of 87, sparsity 50.57 %\n"))
      #expect(outcome.output.contains("stage     alternate/02/finetune\n"))
      #expect(outcome.output.contains(#/\nhidden1 +8x4 +\d+ /#))
      #expect(try place.run("show", "small", "--quiet").output == "")
      let first = try #require(place.checkpoints(of: "small").keys.sorted().first)
      let dense = try place.run("show", "checkpoints/small/" + first)
      #expect(dense.output.contains("weights   87 of 87, sparsity 0.00 %\n"))
    }
  }

  @Test("--json: format, counts, layers, entries, lineage")
  func json() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      let json = try JSONText(place.run("show", "small", "--json").output)
      #expect(json.object["format"] as? Int == 1)
      #expect(json.hasSortedNames)
      #expect(json.object["weights"] as? Int == 43)
      let layers = try json.objects("layers")
      #expect(layers.map { $0["name"] as? String } == ["hidden1", "hidden2", "output"])
      #expect(layers.compactMap { $0["weights"] as? Int }.reduce(0, +) == 43)
      #expect(layers.compactMap { $0["total"] as? Int } == [32, 40, 15])
      #expect(
        try json.objects("entries").contains { $0["name"] as? String == "hidden1.weight.mask" })
    }
  }

  @Test("--lineage: the chain down to the initial model; a copy says what is not there")
  func lineage() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      let outcome = try place.run("show", "small", "--lineage")
      #expect(outcome.code == 0)
      let stages = outcome.output.split(separator: "\n").filter { !$0.hasPrefix(" ") }
      #expect(
        stages == [
          "alternate/02/finetune (finetune)", "alternate/02/prune (prune)",
          "alternate/01/finetune (finetune)", "alternate/01/prune (prune)", "train (train)",
          "initial model",
        ])
      #expect(outcome.output.contains("\n  seed      3\n"))
      let json = try JSONText(place.run("show", "small", "--lineage", "--json").output)
      #expect(json.object["format"] as? Int == 1 && json.hasSortedNames)
      #expect(try json.objects("chain").count == 5)
      #expect(try place.run("show", "small", "--lineage", "--quiet").output == "")
      let name = try #require(place.checkpoints(of: "small").keys.sorted().last)
      try place.write(place.bytes("checkpoints/small/" + name), to: "copy.safetensors")
      let copy = try place.run("show", "copy.safetensors", "--lineage")
      #expect(copy.code == 0)
      #expect(copy.output.hasPrefix("alternate/02/finetune (finetune)\n"))
      #expect(copy.output.contains(#/\ngoes on from [0-9a-f]{64}, of which nothing is recorded/#))
    }
  }

  @Test(
    "a flipped bit is exit code 11 for every command that reads the checkpoint",
    arguments: [
      ["evaluate", "small"], ["predict", "small", "--data", "flowers.csv", "--output", "o.npy"],
      ["export", "small", "--output", "o.safetensors"],
    ])
  func damaged(arguments: [String]) throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      let name = try #require(place.checkpoints(of: "small").keys.sorted().last)
      var bytes = try place.bytes("checkpoints/small/" + name)
      bytes[bytes.count - 20] ^= 4
      try place.write(bytes, to: "checkpoints/small/" + name)
      let before = place.snapshot()
      let outcome = try place.run(arguments)
      #expect(outcome.code == 11)
      #expect(outcome.output == "")
      #expect(
        outcome.errors.hasPrefix("ecpipe: checkpoints/small/result.safetensors: damaged: "))
      #expect(outcome.errors.split(separator: "\n").count == 1)
      #expect(place.snapshot() == before)
    }
  }

  @Test("a cut checkpoint is damaged, a file of another kind is not called so")
  func otherFiles() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "train").code == 0)
      let name = try #require(place.checkpoints(of: "small").keys.first)
      let whole = try place.bytes("checkpoints/small/" + name)
      try place.write(whole.prefix(600), to: "cut.safetensors")
      let cut = try place.run("show", "cut.safetensors")
      #expect(cut.code == 11)
      #expect(cut.errors.hasPrefix("ecpipe: cut.safetensors: damaged: "))
      try #require(place.run("export", "small", "--output", "plain.safetensors").code == 0)
      let plain = try place.run("show", "plain.safetensors")
      #expect(plain.code == 0 && plain.output.contains("network   4-8-5-3, tanh\n"))
      let chain = try place.run("show", "plain.safetensors", "--lineage")
      #expect(chain.code == 65 && chain.errors.contains("no chain of stages; leave --lineage out"))
      let missing = try place.run("show", "nothing")
      #expect(missing.code == 66)
      #expect(missing.errors.hasPrefix("ecpipe: nothing: ") && missing.errors.contains("small"))
    }
  }
}
