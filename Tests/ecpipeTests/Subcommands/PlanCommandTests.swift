import Foundation
import Testing

@Suite("ecpipe plan and ecpipe validate")
struct PlanCommandTests {
  @Test("plan prints every stage with the weights it leaves, and touches nothing")
  func plain() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let before = place.snapshot()
      let outcome = try place.run("plan", "small.yaml", "--no-estimate")
      #expect(outcome.code == 0)
      #expect(
        outcome.output == """
          small: 4-8-5-3, 87 weights, 36 training samples

          stage                  epochs  sparsity  weights  layers
          train                       6    0.00 %       87
          evaluate                         0.00 %       87
          alternate/01/prune              25.29 %       65  hidden1 10–32, hidden2 18–40, output 1–15
          alternate/01/finetune       2   25.29 %       65
          alternate/02/prune              50.57 %       43  hidden1 1–32, hidden2 1–40, output 1–15
          alternate/02/finetune       2   50.57 %       43

          """)
      #expect(try place.run("plan", "small.yaml", "--quiet").output == "")
      #expect(place.snapshot() == before)
    }
  }

  @Test("plan --json: exactly the documented fields, null for what is not known")
  func json() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let json = try JSONText(place.run("plan", "small.yaml", "--json", "--no-estimate").output)
      #expect(json.names == ["format", "name", "stages"])
      #expect(json.hasSortedNames)
      #expect(json.object["format"] as? Int == 1)
      #expect(json.object["name"] as? String == "small")
      let stages = try json.objects("stages")
      #expect(stages.count == 6)
      for stage in stages {
        #expect(
          stage.keys.sorted() == ["epochs", "key", "kind", "layers", "name", "sparsity", "weights"])
        #expect((stage["key"] as? String)?.wholeMatch(of: /[0-9a-f]{64}/) != nil)
      }
      // Known of the dense network, but not behind a global ranking.
      #expect(stages.map { $0["layers"] is NSNull } == [false, false, true, true, true, true])
      #expect(LayerCounts(stages[0])?.weights == ["hidden1": 32, "hidden2": 40, "output": 15])
      #expect(stages.map { $0["weights"] as? Int } == [87, 87, 65, 65, 43, 43])
      #expect(stages.map { $0["epochs"] as? Int } == [6, nil, nil, 2, nil, 2])
      #expect(stages.map { $0["kind"] as? String }.prefix(3) == ["train", "evaluate", "prune"])
    }
  }

  @Test(
    "what stages are expected to take is measured once, kept in the user's cache, and taken from there"
  )
  func estimate() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let environment = ["XDG_CACHE_HOME": place.file("cache")]
      func plan(_ words: String...) throws -> JSONText {
        let outcome = try place.run(
          ["plan", "small.yaml", "--json", "--threads", "1"] + words, environment: environment)
        #expect(outcome.code == 0 && outcome.errors == "")
        return try JSONText(outcome.output)
      }
      let first = try plan()
      #expect(first.names == ["estimate", "format", "name", "stages"] && first.hasSortedNames)
      let basis = try #require(
        (first.object["estimate"] as? [String: Any])?["basis"] as? [String: Any])
      let file = try #require(basis["file"] as? String)
      #expect(file.hasPrefix(place.file("cache/ecpipe/times-")))
      #expect(place.names(in: "cache/ecpipe").count == 1 && place.names(in: "checkpoints").isEmpty)
      for stage in try first.objects("stages") {
        #expect(
          stage.keys.sorted() == [
            "bytes", "epochs", "key", "kind", "layers", "memory_bytes", "name", "seconds",
            "sparsity",
            "weights",
          ])
        #expect(stage["memory_bytes"] as? Int ?? 0 > 1 << 20)
      }
      // Another call measures no more than what the first had no time for.
      let measured = try #require(basis["measured"] as? Int)
      #expect(measured > 0)
      let second = try #require(
        (try plan().object["estimate"] as? [String: Any])?["basis"] as? [String: Any])
      #expect(second["measured"] as? Int ?? .max < measured)
      // Without a cache it is measured again, and nothing is left behind.
      let before = place.snapshot()
      let text = try place.run("plan", "small.yaml").output
      #expect(text.contains("\nexpected: ") && text.contains("\nbased on "))
      #expect(place.snapshot() == before)
    }
  }

  @Test("a search: its first count, its test, its largest number of trials; the rest is not known")
  func search() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let search = ["plan", "small.yaml", "--no-estimate", "--set", SmallRun.search]
      let outcome = try place.run(search)
      #expect(
        outcome.output == """
          small: 4-8-5-3, 87 weights, 36 training samples

          stage      epochs  sparsity  weights  layers
          train           6    0.00 %       87
          evaluate             0.00 %       87
          alternate

          alternate is a search; each trial is tested for an accuracy drop of at most 0.1 on the \
          validation part, with a confidence of 0.6
            the first keeps 43 of 87 weights, none fewer than 9
            at most 4 trials

          """)
      let validate = ["validate", "small.yaml", "--set", SmallRun.search]
      let counted =
        "3 stages on 36 training samples; trials of alternate are counted as they come\n"
      #expect(try place.run(validate).output.hasPrefix("small.yaml: valid; \(counted)"))
      // Also when trials have run: what is planned does not depend on that.
      let run = try place.run("run", "small.yaml", "--set", SmallRun.search)
      #expect(run.code == 0)
      #expect(
        run.output.hasPrefix(
          "small: 3 stages, 3 to do; trials of alternate are counted as they come\n"))
      #expect(try place.run(search).output == outcome.output)
      #expect(try place.run(validate).output.hasPrefix("small.yaml: valid; \(counted)"))
      #expect(try JSONText(place.run(validate + ["--json"]).output).object["stages"] as? Int == 3)
      #expect(
        try place.run("run", "small.yaml", "--set", SmallRun.search).output
          .hasPrefix("small: all 3 stages are done; nothing to do "))
      let json = try JSONText(place.run(search + ["--json"]).output)
      #expect(json.hasSortedNames)
      let stages = try json.objects("stages")
      #expect(stages.map { $0["kind"] as? String } == ["train", "evaluate", "search"])
      #expect(stages[2]["weights"] is NSNull && stages[2]["sparsity"] is NSNull)
      let known = try #require(stages[2]["search"] as? [String: Any])
      #expect(known.keys.sorted() == ["first", "least", "most_trials", "until"])
      #expect(known["first"] as? Int == 43 && known["least"] as? Int == 9)
      #expect(known["most_trials"] as? Int == 4)
    }
  }

  @Test("a policy that fixes the layers: their counts sum to the total, and the run meets them")
  func layers() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let change = "stages[2].alternate.budget.policy=uniform"
      let plan = try JSONText(
        place.run("plan", "small.yaml", "--json", "--no-estimate", "--set", change).output)
      let run = try JSONText(place.run("run", "small.yaml", "--json", "--set", change).output)
      var rounds = 0
      for (planned, done) in zip(try plan.objects("stages"), try run.objects("stages")) {
        #expect(planned["key"] as? String == done["key"] as? String)
        guard planned["kind"] as? String == "prune" else { continue }
        let layers = try #require(LayerCounts(planned))
        #expect(layers.names == ["hidden1", "hidden2", "output"])
        #expect(layers.weights.values.reduce(0, +) == planned["weights"] as? Int)
        #expect(LayerCounts(done) == layers)
        rounds += 1
      }
      #expect(rounds == 2)
      let lines = try place.run("plan", "small.yaml", "--no-estimate", "--set", change).output
      #expect(lines.contains("  hidden1 24, hidden2 30, output 11\n"))
    }
  }

  @Test("validate says in its first line what was checked; --json the same as fields")
  func validate() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let before = place.snapshot()
      let outcome = try place.run("validate", "small.yaml")
      #expect(outcome.code == 0)
      #expect(outcome.output.hasPrefix("small.yaml: valid; 6 stages on 36 training samples\n"))
      let json = try JSONText(place.run("validate", "small.yaml", "--json").output)
      #expect(json.names == ["data", "format", "name", "stages", "valid"])
      #expect(json.object["format"] as? Int == 1 && json.object["valid"] as? Bool == true)
      #expect(json.hasSortedNames)
      #expect(try place.run("validate", "small.yaml", "--quiet").output == "")
      #expect(place.snapshot() == before)
      let bad = try place.run("validate", "small.yaml", "--json", "--set", "model.hidden=[0]")
      #expect((bad.code, bad.output) == (65, ""))
    }
  }

  @Test("all problems of a schedule are reported at once, each with its place")
  func allProblems() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let text = SmallRun.schedule.replacing("seed: 3", with: "sed: 3")
        .replacing("epochs: 6", with: "epochs: 0").replacing("to: 0.5", with: "to: 50")
      try place.write(text, to: "bad.yaml")
      let outcome = try place.run("validate", "bad.yaml")
      #expect(outcome.code == 65)
      let lines = outcome.errors.split(separator: "\n")
      #expect(lines.count == 4)
      #expect(lines[0] == "ecpipe: the schedule has 3 problems:")
      #expect(lines[1].hasPrefix(#"bad.yaml:3:1: sed: unknown key "sed"; did you mean "seed"?"#))
      #expect(lines[2].hasPrefix("bad.yaml:18:21: stages[0].train.epochs: "))
      #expect(lines[3].hasSuffix("did you mean 0.5?"))
    }
  }
}
