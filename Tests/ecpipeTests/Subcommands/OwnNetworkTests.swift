import Foundation
import TestSupport
import Testing

@Suite("ecpipe prune on a network of one's own")
struct OwnNetworkTests {
  /// What `prune` says of the digits' network `seed`, pruned to 0.9.
  private func prune(
    _ place: Workplace, seed: Int, _ options: String...
  ) throws -> (json: [String: Any], errors: String) {
    let outcome = try place.run(
      [
        "prune", "digits-\(seed).safetensors", "--activation", "relu", "--data", "digits.csv.gz",
        "--to", "0.9", "--output", "small.safetensors", "--json",
      ] + options)
    #expect(outcome.code == 0, "\(outcome.errors)")
    return (try JSONText(outcome.output).object, outcome.errors)
  }

  private func value(_ json: [String: Any], _ moment: String, _ name: String) -> Double {
    let measured = json["measured"] as? [String: Any]
    return (measured?[moment] as? [String: Any])?[name] as? Double ?? .nan
  }

  @Test(
    "the default is far better than magnitude, which comes as published; before is PyTorch's own")
  func defaults() throws {
    let golden = try GoldenFile.load("own/networks.json", as: OwnNetwork.Golden.self)
    try Workplace.with { place in
      try OwnNetwork.writeDigits(to: place)
      for seed in 0..<3 {
        let expected = try #require(golden.networks["digits-\(seed)"])
        let (json, errors) = try prune(place, seed: seed)
        #expect(abs(value(json, "before", "accuracy") - expected.accuracy) < 1e-12)
        #expect(abs(value(json, "before", "loss") - expected.loss) < 1e-5)
        #expect(json["criterion"] as? String == "ec" && json["steps"] as? Int == 18)
        #expect(json["compensation"] as? String == "least_squares")
        #expect(value(json, "after", "accuracy") > 0.93 && !errors.contains("fell from"))
        #expect(json["warning"] is NSNull)

        let (plain, warning) = try prune(place, seed: seed, "--criterion", "magnitude")
        #expect(plain["compensation"] as? String == "none" && plain["steps"] as? Int == 1)
        #expect(value(plain, "after", "accuracy") < 0.7)
        #expect(warning.contains("warning: the accuracy fell from 97."))
        #expect(
          warning.contains(
            "try a smaller sparsity (--to), or --compensation least_squares, or more steps "
              + "(--steps 18), or fine-tuning by a schedule with model: {start: small.safetensors}")
        )
        #expect((plain["warning"] as? String).map { warning.contains($0) } == true)
      }
    }
  }

  @Test("what is measured on --test is never scored, and what is scored is not measured then")
  func test() throws {
    try Workplace.with { place in
      try place.write(OwnNetwork.animals(), to: "net.safetensors")
      try place.write(OwnNetwork.animalTable(), to: "rows.csv")
      try place.write("a,b,animal\n0.1,2,zebra\n2,0.1,zebra\n", to: "test.csv")
      let common = [
        "prune", "net.safetensors", "--activation", "relu", "--data", "rows.csv", "--to", "0.2",
        "--classes", "zebra,ant,mole", "--output",
      ]
      let own = try place.run(common + ["one.safetensors"])
      #expect(own.code == 0 && own.output.contains("\non rows.csv:\n"))
      #expect(own.output.contains("before loss (cross_entropy) "))
      #expect(own.output.contains(", accuracy 100.00 %\n  after  loss (cross_entropy) "))
      #expect(own.output.contains("compensation least_squares, 18 steps, scored on 24 samples"))
      let other = try place.run(common + ["two.safetensors", "--test", "test.csv"])
      #expect(
        other.output.contains("\non test.csv:\n") && other.output.contains(", accuracy 50.00 %\n"))
      #expect(try place.bytes("one.safetensors") == place.bytes("two.safetensors"))
    }
  }

  @Test("classes of a state dict are in the order that is said, or in one that is told")
  func classes() throws {
    try Workplace.with { place in
      try place.write(OwnNetwork.animals(), to: "net.safetensors")
      try place.write(OwnNetwork.animalTable(), to: "rows.csv")
      let common = ["net.safetensors", "--activation", "relu", "--data", "rows.csv"]
      let note =
        "note: net.safetensors does not say its classes; the labels are taken for its outputs in this "
        + "order: ant, mole, zebra; where it is another one, say it with --classes\n"
      let told = try place.run(["evaluate"] + common)
      #expect(told.code == 0 && told.errors.contains(note))
      #expect(told.output.contains(" 0.00 %"))
      let said = try place.run(["evaluate"] + common + ["--classes", "zebra,ant,mole"])
      #expect(said.code == 0 && !said.errors.contains("does not say its classes"))
      #expect(said.output.contains(" 100.00 %"))
      let pruned = try place.run(
        ["prune"] + common + ["--to", "0.2", "--output", "small.safetensors"])
      #expect(pruned.code == 0 && pruned.errors.contains(note))
      let wrong = try place.run(["evaluate"] + common + ["--classes", "zebra,ant"])
      #expect(wrong.code == 65)
      #expect(
        wrong.errors.contains(
          "2 classes were given (zebra, ant), and a network with 3 outputs tells 3 different ones "
            + "apart; give their names in the order of the outputs"))

      // The file that prune writes says them.
      try #require(
        place.run(
          ["prune"] + common + [
            "--to", "0", "--output", "small.safetensors", "--classes", "zebra,ant,mole",
          ]
        ).code == 0)
      let own = try place.run("evaluate", "small.safetensors", "--data", "rows.csv")
      #expect(own.code == 0 && !own.errors.contains("does not say its classes"))
      #expect(own.output.contains(" 100.00 %"))
      let shown = try place.run("show", "small.safetensors")
      #expect(shown.output.contains("network   2-3-3, relu\n"))
      #expect(shown.output.contains("classes   3: zebra, ant, mole\n"))
      let again = try place.run(
        "evaluate", "small.safetensors", "--data", "rows.csv", "--classes", "zebra,ant,mole")
      #expect(again.code == 65 && again.errors.contains("leave the classes out"))
      try #require(
        place.run("export", "small.safetensors", "--output", "e.safetensors").code == 0)
      #expect(
        try Arrays.tensors(safetensors: place.bytes("e.safetensors")).keys.sorted() == [
          "0.bias", "0.weight", "2.bias", "2.weight",
        ])
    }
  }

  @Test("a run that starts from a state dict says the order of its classes, or takes model.classes")
  func start() throws {
    try Workplace.with { place in
      try place.write(OwnNetwork.animals(), to: "net.safetensors")
      try place.write(OwnNetwork.animalTable(), to: "rows.csv")
      func run(_ name: String, _ model: String) throws -> Outcome {
        try place.write(
          """
          version: 1
          name: \(name)
          data: {csv: rows.csv, label: animal, task: classification, split: {test: 0.25}}
          model: {start: net.safetensors, activation: relu\(model)}
          stages: [prune: {to: 0}, evaluate: {part: test}]
          """, to: name + ".yaml")
        return try place.run("run", name + ".yaml")
      }
      let told = try run("told", "")
      #expect(
        told.code == 0 && told.errors.contains("order: ant, mole, zebra; where it is another"))
      #expect(told.errors.contains("say it with model.classes"))
      #expect(try place.run("evaluate", "told").output.contains(" 0.00 %"))
      let said = try run("said", ", classes: [zebra, ant, mole]")
      #expect(said.code == 0 && !said.errors.contains("does not say its classes"))
      #expect(try place.run("evaluate", "said").output.contains(" 100.00 %"))
      #expect(try run("short", ", classes: [zebra, ant]").code == 65)
    }
  }

  @Test(
    "a CSV has its labels in it: in the last column, in --label's, or none where all are inputs")
  func table() throws {
    try Workplace.with { place in
      try place.write(OwnNetwork.animals(), to: "net.safetensors")
      let table = OwnNetwork.animalTable()
      try place.write(table, to: "last.csv")
      let lines = table.split(separator: "\n").map { $0.split(separator: ",") }
      try place.write(
        lines.map { "\($0[2]),\($0[0]),\($0[1])\n" }.joined(), to: "first.csv")
      try place.write(lines.map { "\($0[0]),\($0[1])\n" }.joined(), to: "inputs.csv")
      let order = ["zebra", "ant", "mole"]
      try place.write(
        Arrays.npy(lines.dropFirst().map { [Float(order.firstIndex(of: String($0[2]))!)] }),
        to: "y.npy")
      func prune(_ options: String...) throws -> Outcome {
        try place.run(
          [
            "prune", "net.safetensors", "--activation", "relu", "--to", "0.2", "--output",
            "small.safetensors",
          ] + options)
      }
      let classes = ["--classes", "zebra,ant,mole"]
      let last = try prune("--data", "last.csv", classes[0], classes[1])
      let whole = try Arrays.tensors(safetensors: place.bytes("small.safetensors"))
      #expect(last.code == 0 && last.output.contains(", accuracy 100.00 %"))
      let first = try prune(
        "--data", "first.csv", "--label", "animal", classes[0], classes[1])
      #expect(first.code == 0, "\(first.errors)")
      // The columns that the file knows are those of another table; the network is the same.
      let second = try Arrays.tensors(safetensors: place.bytes("small.safetensors"))
      #expect(second.mapValues(\.values) == whole.mapValues(\.values))
      // Inputs in a CSV beside labels in an array.
      let apart = try prune("--data", "inputs.csv", "--labels", "y.npy")
      #expect(apart.code == 0 && apart.output.contains(", accuracy 100.00 %"), "\(apart.errors)")
      let without = try prune("--data", "inputs.csv")
      #expect(without.code == 0)
      #expect(without.output.contains("on inputs.csv, against the answers before:\n"))
      let short = try prune("--data", "inputs.csv", "--labels", "last.csv")
      #expect(short.code == 65)
    }
  }

  @Test("without data, weights go by magnitude, which is said; what looks at samples asks for them")
  func noData() throws {
    try Workplace.with { place in
      try place.write(OwnNetwork.animals(), to: "net.safetensors")
      let common = [
        "prune", "net.safetensors", "--activation", "relu", "--to", "0.2", "--output",
        "small.safetensors",
      ]
      let outcome = try place.run(common)
      #expect(outcome.code == 0)
      #expect(
        outcome.output.contains(
          "criterion magnitude, compensation none, 1 step, without data, by the weights alone\n"
            + "not measured, so a collapse would not be seen: name samples with --data or --test\n")
      )
      let small = try Arrays.tensors(safetensors: place.bytes("small.safetensors"))
      // The two of 0.25, and one of the ones: 3 of 15, zeros first.
      #expect(small.values.filter { $0.shape.count == 2 }.flatMap(\.values).count { $0 != 0 } <= 12)
      let needs = try place.run(common + ["--criterion", "taylor"])
      #expect(needs.code == 64)
      #expect(
        needs.errors == "ecpipe: --criterion taylor looks at samples; name them with --data\n")
      let compensated = try place.run(common + ["--compensation", "mean"])
      #expect(compensated.code == 64 && compensated.errors.contains("--compensation mean looks at"))
    }
  }

  @Test("the model of a run is pruned on the run's own data")
  func ownData() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "train").code == 0)
      let outcome = try place.run(
        "prune", "small", "--to", "0.5", "--output", "small.safetensors")
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("scored on 36 samples"))
      #expect(outcome.output.contains("on the validation part of "))
    }
  }

  @Test("a pickle is exit code 65 with what to do, for every command that reads a model")
  func pickle() throws {
    try Workplace.with { place in
      try place.write(Data([0x80, 2, 0x8a, 0x0a] + Array(repeating: 7, count: 60)), to: "net.pt")
      for command in [
        ["show", "net.pt"], ["export", "net.pt", "--output", "o.safetensors"],
        ["evaluate", "net.pt", "--data", "x.csv"],
        ["prune", "net.pt", "--to", "0.5", "--output", "o.safetensors"],
      ] {
        let outcome = try place.run(command)
        #expect(outcome.code == 65, "\(command)")
        #expect(outcome.errors.hasPrefix("ecpipe: net.pt: this is a pickle of PyTorch"))
      }
    }
  }
}
