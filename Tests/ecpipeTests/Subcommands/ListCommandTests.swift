import Foundation
import Testing

@Suite("ecpipe list and ecpipe diff") struct ListCommandTests {
  @Test("runs over seeds are summed up, a study and a damaged run are named, and nothing stops")
  func list() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let set = ["run", "small.yaml", "--quiet", "--set"]
      for seed in 1...3 {
        try #require(
          place.run(set + ["seed=\(seed)", "--set", "name=s\(seed)"]).code == 0)
      }
      // The same once more, which counts once.
      try #require(place.run(set + ["seed=1", "--set", "name=s1-again"]).code == 0)
      try #require(place.run(set + ["name=other", "--set", "model.hidden=[6]"]).code == 0)
      try #require(place.run(set + ["name=broken"]).code == 0)
      try #require(
        place.run(set + ["name=part", "--until", "train"]).code == 0)
      try place.write("{\"format\": 4}", to: "checkpoints/broken/run.json")
      try place.write(SmallRun.study(seeds: 1, baselines: "unpruned"), to: "study.yaml")
      try #require(place.run("compare", "study.yaml", "--quiet").code == 0)

      let outcome = try place.run("list", "--json")
      #expect(outcome.code == 0)
      let json = try JSONText(outcome.output)
      let entries = try json.objects("entries")
      func entry(_ name: String) -> [String: Any]? {
        entries.first { $0["name"] as? String == name }
      }
      #expect(
        Set(entries.compactMap { $0["name"] as? String })
          == ["s1", "s1-again", "s2", "s3", "other", "broken", "part", "flowers"])
      #expect(entry("flowers")?["kind"] as? String == "study")
      #expect(entry("flowers")?["state"] as? String == "done")
      #expect(entry("broken")?["state"] as? String == "damaged")
      #expect(entry("part")?["state"] as? String == "stopped")
      let result = try #require(entry("s1")?["result"] as? [String: Any])
      #expect(result["sparsity"] as? Double == 44.0 / 87)
      #expect((result["quality"] as? [String: Any])?["part"] as? String == "validation")

      let groups = try json.objects("groups")
      #expect(groups.count == 1 && groups[0]["n"] as? Int == 3)
      let values = try ["s1", "s2", "s3"].map { name in
        let own = try #require(entry(name)?["result"] as? [String: Any])
        return try #require((own["quality"] as? [String: Any])?["value"] as? Double)
      }
      let mean = values.reduce(0, +) / 3
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2).squareRoot()
      #expect(abs((groups[0]["mean"] as? Double ?? 0) - mean) < 1e-12)
      #expect(abs((groups[0]["deviation"] as? Double ?? 9) - deviation) < 1e-12)

      let text = try place.run("list").output
      #expect(text.hasPrefix("name"))
      #expect(text.contains("\nbroken: damaged, checkpoints/broken/run.json: damaged: "))
      #expect(text.contains("\ns1, s2, s3 "))
    }
  }

  @Test("a folder that is not there is exit code 66, an empty one is none")
  func noFolder() throws {
    try Workplace.with { place in
      #expect(try place.run("list").code == 66)
      let empty = try place.run("list", ".")
      #expect(empty.code == 0 && empty.output.contains("nothing yet"))
    }
  }

  @Test("a file in place of a folder is said to be one, and nothing is begun")
  func file() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let reason = "flowers.csv: this is a file"
      for command in [
        ["list", "flowers.csv"], ["history", "flowers.csv"],
        ["run", "small.yaml", "--checkpoints", "flowers.csv"],
        ["plan", "small.yaml", "--no-estimate", "--checkpoints", "flowers.csv"],
        ["validate", "small.yaml", "--checkpoints", "flowers.csv"],
      ] {
        let outcome = try place.run(command)
        #expect(
          outcome.code == 64 && outcome.errors.contains(reason), "\(command): \(outcome.errors)")
      }
    }
  }

  @Test("diff names the settings by their paths, and what both answer")
  func diff() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let set = ["run", "small.yaml", "--quiet", "--set"]
      try #require(place.run(set + ["name=a"]).code == 0)
      try #require(
        place.run(set + ["name=b", "--set", "stages[0].train.epochs=7"]).code == 0)
      let outcome = try place.run("diff", "a", "b", "--data", "flowers.csv", "--json")
      #expect(outcome.code == 0, "\(outcome.errors)")
      let json = try JSONText(outcome.output)
      let settings = try json.objects("settings")
      #expect(settings.compactMap { $0["path"] as? String } == ["name", "stages[0].train.epochs"])
      #expect(settings[1]["a"] as? Int == 6 && settings[1]["b"] as? Int == 7)
      let layers = try json.objects("layers")
      #expect(layers.compactMap { $0["name"] as? String } == ["hidden1", "hidden2", "output"])
      let overlap = try #require(layers[0]["overlap"] as? Double)
      #expect(overlap > 0 && overlap < 1)
      let predictions = try #require(json.object["predictions"] as? [String: Any])
      #expect(predictions["rows"] as? Int == 60 && predictions["of"] as? String == "probabilities")
      let text = try place.run("diff", "a", "b", "--data", "flowers.csv").output
      #expect(text.contains("\nstages[0].train.epochs  6 "))
    }
  }

  @Test(
    "diff warns where the metrics of two runs are of other rows, as with another seed of the split")
  func otherRows() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let set = ["run", "small.yaml", "--quiet", "--set"]
      for (name, more) in [("a", "batch=7"), ("b", "batch=9")] {
        try #require(place.run(set + ["name=\(name)", "--set", "training.\(more)"]).code == 0)
      }
      try #require(place.run(set + ["name=c", "--set", "seed=4"]).code == 0)
      #expect(try place.run("diff", "a", "b").errors == "")
      let other = try place.run("diff", "a", "c")
      #expect(other.code == 0)
      #expect(
        other.errors
          == "warning: a and c were measured on other rows (validation): their metrics do not "
          + "compare the models alone\n")
    }
  }

  @Test("list says of a job how its network did where history has judged it")
  func job() throws {
    try NightPlace.with { night in
      let place = night.place
      let limits = "guard: {min_rows: 1}, promote: {min_rows: 1, not_worse_by: 0.9}"
      let text = try place.text("small.yaml")
      try place.write(
        text.replacing("nightly: {}", with: "nightly: {\(limits)}"), to: "small.yaml")
      try #require(place.run("run", "small.yaml", "--nightly", "--log", "log").code == 0)
      let entries = try JSONText(place.run("list", "--json").output).objects("entries")
      let listed = try #require(entries[0]["result"] as? [String: Any])
      let quality = try #require(listed["quality"] as? [String: Any])
      let history = try JSONText(place.run("history", night.name, "--json").output)
      let decision = try history.objects("decisions")[0]
      let comparison = try #require(decision["comparison"] as? [String: Any])
      let judged = try #require(decision["challenger"] as? [String: Any])
      #expect(quality["part"] as? String == comparison["part"] as? String)
      #expect(quality["measure"] as? String == comparison["metric"] as? String)
      #expect(quality["value"] as? Double == judged["value"] as? Double)
    }
  }

  @Test("a run and its export answer the same, and what only a run knows is left out")
  func export() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--quiet").code == 0)
      for name in ["e.onnx", "e.safetensors"] {
        try #require(place.run("export", "small", "--output", name, "--no-shrink").code == 0)
        let json = try JSONText(
          place.run("diff", "small", name, "--data", "flowers.csv", "--json").output)
        let predictions = try #require(json.object["predictions"] as? [String: Any])
        #expect(predictions["largest"] as? Double ?? 1 < 1e-5)
        #expect(predictions["other_class"] as? Int == 0)
        #expect(json.object["settings"] is NSNull)
      }
      let same = try JSONText(place.run("diff", "small", "small", "--json").output)
      #expect(try same.objects("settings").isEmpty)
      #expect(try same.objects("layers").allSatisfy { $0["overlap"] as? Double == 1 })
      #expect(same.object["predictions"] is NSNull)
    }
  }

  @Test("models of other classes have no answers to compare")
  func otherClasses() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let set = ["run", "small.yaml", "--quiet", "--set"]
      try #require(place.run(set + ["name=a"]).code == 0)
      try place.write(
        SmallRun.flowers().replacing("setosa", with: "tulip"), to: "flowers.csv")
      try #require(place.run(set + ["name=b"]).code == 0)
      let outcome = try place.run("diff", "a", "b", "--data", "flowers.csv")
      #expect(outcome.code == 65 && outcome.errors.contains("leave --data out"))
      #expect(try place.run("diff", "a", "b").code == 0)
    }
  }

  @Test("diff says why nothing is known of a run whose manifest is damaged, and compares the rest")
  func damaged() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      for name in ["a", "b"] {
        try #require(place.run("run", "small.yaml", "--quiet", "--set", "name=\(name)").code == 0)
      }
      try place.write("{\"format\": 4}", to: "checkpoints/a/run.json")
      let outcome = try place.run("diff", "a", "b")
      #expect(outcome.code == 0)
      #expect(
        outcome.errors.contains(
          #/^warning: .*checkpoints/a/run\.json: damaged: .+ settings and metrics of a are left out\n$/#
        ),
        "\(outcome.errors)")
      #expect(outcome.output.contains("hidden1"))
    }
  }
}
