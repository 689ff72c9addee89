import Foundation
import Testing

@Suite("ecpipe evaluate")
struct EvaluateCommandTests {
  @Test("measures a part of the run's data as the run itself did")
  func parts() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let run = try JSONText(place.run("run", "small.yaml", "--until", "evaluate", "--json").output)
      let recorded = try run.objects("stages")[1]["metrics"] as? [String: [String: Double]]
      let outcome = try place.run("evaluate", "small", "--json")
      #expect(outcome.code == 0)
      let json = try JSONText(outcome.output)
      #expect(json.names == ["checkpoint", "format", "loss", "metrics"])
      #expect(json.object["metrics"] as? [String: [String: Double]] == recorded)
      let accuracy = try #require(recorded?["test"]?["accuracy"])
      let text = try place.run("evaluate", "small", "--part", "test").output
      #expect(text.hasPrefix("test: loss "))
      #expect(text.hasSuffix(String(format: ", accuracy %.2f %%\n", accuracy * 100)))
      let train = try place.run("evaluate", "small", "--part", "train").output
      #expect(train.hasPrefix("train: loss "))
      #expect(try place.run("evaluate", "small", "--quiet").output == "")
    }
  }

  @Test("measures other data: a table of raw values with its labels")
  func table() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "train").code == 0)
      let table = try place.run("evaluate", "small", "--data", "flowers.csv", "--json")
      #expect(table.code == 0)
      let byName = try place.run(
        "evaluate", "small", "--data", "flowers.csv", "--label", "kind", "--json")
      #expect(byName.output == table.output)
      let metrics = try JSONText(table.output).object["metrics"] as? [String: [String: Double]]
      let expected = try #require(metrics?["flowers.csv"])
      // The class of the largest output, counted here.
      try place.write(Arrays.npy(SmallRun.flowerInputs()), to: "x.npy")
      try #require(
        place.run("predict", "small", "--data", "x.npy", "--output", "y.npy").code == 0)
      let rows = try Arrays.rows(npy: place.bytes("y.npy"))
      let right = rows.enumerated().count { $1.firstIndex(of: $1.max()!) == $0 % 3 }
      #expect(abs(try #require(expected["accuracy"]) - Double(right) / 60) < 1e-12)
    }
  }

  @Test("measures other data: arrays with their labels in a file of their own")
  func arrays() throws {
    try Workplace.with { place in
      try place.write(Arrays.npy(SmallRun.flowerInputs()), to: "x.npy")
      try place.write(Arrays.npy((0..<60).map { [Float($0 % 3)] }), to: "y.npy")
      try place.write(
        """
        version: 1
        name: arrays
        data: {npy: {inputs: x.npy, targets: y.npy}, task: classification, scale: unit}
        model: {hidden: [6]}
        stages:
          - train: {epochs: 3}
        """, to: "arrays.yaml")
      try #require(place.run("run", "arrays.yaml").code == 0)
      let own = try place.run("evaluate", "arrays", "--part", "train")
      let other = try place.run("evaluate", "arrays", "--data", "x.npy", "--labels", "y.npy")
      #expect((own.code, other.code) == (0, 0), "\(other.errors)")
      #expect(other.output.drop { $0 != ":" } == own.output.drop { $0 != ":" })
    }
  }

  @Test("what cannot be measured is said")
  func refused() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let noTest = SmallRun.schedule.replacing("split: {validation: 0.2, test: 0.2}", with: "")
        .replacing("part: test", with: "part: train")
      try place.write(noTest, to: "small.yaml")
      try #require(place.run("run", "small.yaml", "--until", "train").code == 0)
      let part = try place.run("evaluate", "small")
      #expect(part.code == 65)
      #expect(part.errors.contains("there is no test part"))
      let missing = try place.run("evaluate", "small", "--data", "none.csv")
      #expect(missing.code == 66)
      let label = try place.run("evaluate", "small", "--data", "flowers.csv", "--label", "knd")
      #expect(label.code == 65)
      #expect(label.errors.contains(#"there is no column "knd"; did you mean "kind"?"#))
      try place.write(
        SmallRun.flowers().replacing("virginica", with: "lactea"), to: "other.csv")
      let unseen = try place.run("evaluate", "small", "--data", "other.csv")
      #expect(unseen.code == 65)
      #expect(unseen.errors.contains(#"line 4, column "kind": "#))
      #expect(unseen.errors.contains("lactea"))
    }
  }
}
