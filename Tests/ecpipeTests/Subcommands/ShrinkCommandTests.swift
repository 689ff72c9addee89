import Foundation
import TestSupport
import Testing

@Suite("ecpipe shrink")
struct ShrinkCommandTests {
  private func predictions(_ model: String, _ place: Workplace, data: String) throws -> [[Float]] {
    try #require(place.run("predict", model, "--data", data, "--output", "y.npy").code == 0)
    return try Arrays.rows(npy: place.bytes("y.npy"))
  }

  private func expectSame(_ one: [[Float]], _ other: [[Float]]) {
    #expect(one.count == other.count && !one.isEmpty)
    for (a, b) in zip(one.joined(), other.joined()) {
      #expect(abs(a - b) <= 1e-4 * max(1, abs(a)))
    }
  }

  @Test("a state dict keeps its names, with smaller shapes and the same answers")
  func names() throws {
    let reference = try ReferenceCase("ec/digits-relu")
    try Workplace.with { place in
      try place.write(reference.stateDict(prefix: "net."), to: "net.safetensors")
      try place.write(reference.inputs(), to: "x.npy")
      let prune = [
        "prune", "net.safetensors", "--data", "x.npy", "--to", "0.7", "--granularity", "unit",
      ]
      try #require(
        place.run(prune + ["--output", "p.safetensors"] + reference.activationOptions).code == 0)
      let outcome = try place.run("shrink", "p.safetensors", "--output", "q.safetensors", "--json")
      #expect(outcome.code == 0)
      let json = try JSONText(outcome.output)
      #expect(json.hasSortedNames && json.object["format"] as? Int == 1)
      let units = try json.objects("layers").compactMap { $0["units"] as? Int }
      #expect(units[0] < reference.sizes[1] && units.last == reference.sizes.last)
      let (large, small) = try (
        Arrays.tensors(safetensors: place.bytes("p.safetensors")),
        Arrays.tensors(safetensors: place.bytes("q.safetensors"))
      )
      #expect(large.keys.sorted() == small.keys.sorted())
      #expect(large["net.0.weight"]?.shape == [reference.sizes[1], reference.sizes[0]])
      #expect(small["net.0.weight"]?.shape == [units[0], reference.sizes[0]])
      #expect(small["net.0.bias"]?.shape == [units[0]])
      try expectSame(
        predictions("p.safetensors", place, data: "x.npy"),
        predictions("q.safetensors", place, data: "x.npy"))
      // What prune writes in the form that came keeps its shapes, unless told otherwise.
      try #require(
        place.run(prune + ["--output", "r.safetensors", "--shrink"] + reference.activationOptions)
          .code == 0)
      let direct = try Arrays.tensors(safetensors: place.bytes("r.safetensors"))
      #expect(direct.mapValues(\.shape) == small.mapValues(\.shape))
      let again = try place.run("shrink", "q.safetensors", "--output", "s.safetensors")
      #expect(again.code == 0 && again.output.contains("no unit can go"))
    }
  }

  @Test("of a run, columns that nothing reads are listed, and left out on request")
  func inputs() throws {
    try Workplace.with { place in
      try place.write(SmallRun.flowers(), to: "flowers.csv")
      try place.write(
        SmallRun.schedule.replacingOccurrences(of: "{policy: global}", with: "{policy: uniform}")
          .replacingOccurrences(of: "to: 0.5", with: "to: 0.9"), to: "small.yaml")
      try #require(place.run("run", "small.yaml").code == 0)
      // hidden1 keeps three of 32 weights: a column at least is not read.
      let kept = try place.run("shrink", "small", "--output", "kept.safetensors", "--json")
      #expect(kept.code == 0)
      let unread = try JSONText(kept.output).objects("unread").compactMap { $0["name"] as? String }
      #expect(!unread.isEmpty && unread.allSatisfy { SmallRun.flowers().contains($0) })
      let dropped = try place.run(
        "shrink", "small", "--output", "dropped.safetensors", "--drop-inputs", "--json")
      #expect(dropped.code == 0)
      let names = try JSONText(dropped.output).objects("dropped")
      #expect(names.compactMap { $0["name"] as? String } == unread)
      let shapes = try Arrays.tensors(safetensors: place.bytes("dropped.safetensors"))
      #expect(shapes["0.weight"]?.shape[1] == 4 - unread.count)
      // By their names the columns are found in the same table.
      let expected = try predictions("small", place, data: "flowers.csv")
      for model in ["kept.safetensors", "dropped.safetensors"] {
        try expectSame(expected, predictions(model, place, data: "flowers.csv"))
      }
      let text = try place.run("shrink", "small", "--output", "kept.safetensors")
      #expect(text.output.contains("that nothing reads: columns "))
    }
  }

  @Test("an export shrinks unless it is told not to")
  func export() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(
        place.run("run", "small.yaml", "--set", "stages[2].alternate.sparsity.to=0.9").code == 0)
      func widths(_ words: String...) throws -> [Int] {
        try #require(
          place.run(["export", "small", "--output", "x.safetensors"] + words).code == 0)
        let tensors = try Arrays.tensors(safetensors: place.bytes("x.safetensors"))
        return try ["0", "2", "4"].map { try #require(tensors["\($0).bias"]).shape[0] }
      }
      let (small, large) = (try widths(), try widths("--no-shrink"))
      #expect(large == [8, 5, 3])
      #expect(small[0] < 8 && small[2] == 3)
    }
  }

  @Test("refuses to write over what it reads")
  func refusal() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "train").code == 0)
      try #require(place.run("shrink", "small", "--output", "a.safetensors").code == 0)
      #expect(try place.run("shrink", "a.safetensors", "--output", "a.safetensors").code == 64)
      #expect(try place.run("shrink", "b.safetensors", "--output", "c.safetensors").code == 66)
    }
  }
}
