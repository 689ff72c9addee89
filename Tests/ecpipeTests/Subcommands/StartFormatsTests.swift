import Foundation
import TestSupport
import Testing

@Suite("Runs that start from files of other programs")
struct StartFormatsTests {
  @Test("ONNX and NPZ begin a run as the checkpoint does", arguments: ["onnx", "npz"])
  func start(ending: String) throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "evaluate").code == 0)
      try #require(place.run("export", "small", "--output", "small.\(ending)").code == 0)
      try place.write(
        """
        version: 1
        name: again
        data: {csv: flowers.csv, label: kind, task: classification, split: {validation: 0.2, test: 0.2}}
        seed: 3
        model: {start: small.\(ending)}
        stages: [evaluate: {part: test}, prune: {to: 0.5}, evaluate: {part: test}]
        """, to: "again.yaml")
      let run = try place.run("run", "again.yaml", "--json")
      #expect(run.code == 0, "\(run.errors)")
      let stages = try #require(JSONText(run.output).object["stages"] as? [[String: Any]])
      func loss(_ stage: [String: Any]) throws -> Double {
        let metrics = try #require(stage["metrics"] as? [String: Any])
        return try #require((metrics["test"] as? [String: Any])?["loss"] as? Double)
      }
      let own = try place.run("evaluate", "small", "--part", "test", "--json")
      let expected = try loss(JSONText(own.output).object)
      #expect(abs(try loss(stages[0]) - expected) < 1e-5 * max(1, expected))
      // Of 87 weights the fewer half stays.
      let weights = stages.compactMap { $0["weights"] as? Int }
      #expect(weights.count == 3 && weights[0] == 87 && weights[1] == 43)
      #expect(try place.run("show", "again").output.contains("stage     prune\n"))
    }
  }

  @Test("what is found in a file is a note, which --quiet silences")
  func notes() throws {
    try Workplace.with { place in
      try place.write(OwnNetwork.animals(), to: "net.safetensors")
      try place.write(OwnNetwork.animalTable(), to: "rows.csv")
      let evaluate = ["evaluate", "net.safetensors", "--activation", "relu", "--data", "rows.csv"]
      let loud = try place.run(evaluate)
      #expect(loud.code == 0)
      let lines = loud.errors.split(separator: "\n")
      #expect(!lines.isEmpty && lines.allSatisfy { $0.hasPrefix("note: ") }, "\(loud.errors)")
      let quiet = try place.run(evaluate + ["--quiet"])
      #expect(quiet.code == 0 && quiet.errors.isEmpty && quiet.output.isEmpty)
    }
  }

  @Test("a model that is not there is told with all that could be named")
  func missing() throws {
    try Workplace.with { place in
      for command in [["show"], ["prune", "--to", "0.5", "--output", "o.onnx"]] {
        let outcome = try place.run([command[0], "none.onnx"] + command.dropFirst())
        #expect(outcome.code == 66)
        #expect(
          outcome.errors.contains("none.onnx: no such file; name a run with a result, or a model's")
        )
        for format in ["a checkpoint", "ONNX", "NPZ"] { #expect(outcome.errors.contains(format)) }
      }
    }
  }
}
