import Foundation
import Glibc
import Testing

@Suite("ecpipe compare")
struct CompareCommandTests {
  private static let study =
    SmallRun.study(seeds: 3, baselines: "unpruned, narrower")
    + "\nquick: {seeds: 1, ratios: [0.5]}"

  private func with(_ body: (Workplace) throws -> Void) throws {
    try Workplace.with { place in
      try place.write(SmallRun.flowers(), to: "flowers.csv")
      try place.write(Self.study, to: "study.yaml")
      try body(place)
    }
  }

  @Test("prints tables, says what is written, and does nothing the second time")
  func tables() throws {
    try with { place in
      let first = try place.run("compare", "study.yaml", "--threads", "2")
      #expect(first.code == 0 && first.errors == "")
      #expect(first.output.contains("flowers: 21 cells, 21 to measure"))
      #expect(first.output.contains("flowers 4-8-5-3: test loss (cross_entropy) after fine-tuning"))
      #expect(first.output.contains("flowers 4-8-5-3: test accuracy before fine-tuning"))
      #expect(first.output.contains("results: checkpoints/flowers/results.csv"))
      let names = place.names(in: "checkpoints/flowers")
      #expect(names.contains("report.html") && names.contains("study.yaml"))
      #expect(names.count { $0.hasPrefix("dense-1-4-8-5-3-seed-") } == 3)
      let csv = try place.text("checkpoints/flowers/results.csv")

      let again = try place.run("compare", "study.yaml")
      #expect(again.code == 0 && again.output.contains("21 cells; nothing was left to do"))
      #expect(try place.text("checkpoints/flowers/results.csv") == csv)
      #expect(try place.run("compare", "study.yaml", "--quiet").output == "")
    }
  }

  @Test(
    "the script for Slurm has the program's path and the processors of a worker, where the data are there"
  )
  func slurm() throws {
    try with { place in
      let script = try place.run("compare", "study.yaml", "--slurm", "3", "--threads", "4")
      #expect(script.code == 0 && script.output.contains("\n#SBATCH --cpus-per-task=4\n"))
      let last = script.output.split(separator: "\n").last ?? ""
      #expect(last.hasPrefix("exec /") && last.contains("/ecpipe compare /"), "\(last)")
      try FileManager.default.removeItem(atPath: place.file("flowers.csv"))
      let missing = try place.run("compare", "study.yaml", "--slurm", "3")
      #expect(missing.code == 66 && missing.output.isEmpty)
    }
  }

  @Test("networks of one's own are the dense networks of all seeds, and nothing is trained")
  func started() throws {
    try Workplace.with { place in
      try place.write(OwnNetwork.animals(), to: "net.safetensors")
      try place.write(OwnNetwork.animalTable(), to: "rows.csv")
      let study = """
        version: 1
        name: own
        data: {csv: rows.csv, label: animal, task: classification, split: {test: 0.25}}
        models: [{start: net.safetensors, activation: relu, classes: [zebra, ant, mole]}]
        seeds: 2
        ratios: [0.2]
        criteria: [ec, {criterion: ec, compensation: least_squares, steps: 2}, magnitude]
        baselines: [unpruned]
        """
      try place.write(study, to: "study.yaml")
      let first = try place.run("compare", "study.yaml")
      #expect(first.code == 0, "\(first.errors)")
      #expect(
        first.errors.split(separator: "\n").map { $0.hasSuffix("so they are taken in order") } == [
          true
        ])
      #expect(first.output.contains("own: 8 cells, 8 to measure"))
      // Nothing is drawn, so two seeds are one measurement and nothing can be tested.
      #expect(first.output.contains("\nall seeds give the same numbers"))
      #expect(!first.output.contains("p < 0.05"))
      #expect(
        try place.text("checkpoints/own/report.html").contains(
          "<p>All seeds give the same numbers,"))
      #expect(first.output.contains("unpruned                   100 %"))
      #expect(!place.names(in: "checkpoints/own").contains { $0.hasPrefix("dense") })
      let again = try place.run("compare", "study.yaml")
      #expect(again.output.contains("8 cells; nothing was left to do"))
      // Another content under the same name is another network.
      _ = try place.run(
        "prune", "net.safetensors", "--activation", "relu", "--to", "0.1", "--output",
        "pruned.safetensors", "--classes", "zebra,ant,mole", "--data", "rows.csv")
      try place.write(
        study.replacing(
          "net.safetensors, activation: relu, classes: [zebra, ant, mole]",
          with: "pruned.safetensors"),
        to: "study.yaml")
      let other = try place.run("compare", "study.yaml")
      #expect(other.code == 0 && other.output.contains("8 cells, 8 to measure"), "\(other.errors)")
      try place.write(
        study.replacing("seeds: 2", with: "seeds: 2\ntrain: {epochs: 1}"), to: "study.yaml")
      let trains = try place.run("compare", "study.yaml")
      #expect(trains.code == 65)
      #expect(
        trains.errors.contains("train is not for models that all start from a trained network"))
      try place.write(study.replacing("[unpruned]", with: "[narrower]"), to: "study.yaml")
      #expect(try place.run("compare", "study.yaml").errors.contains("narrower is not for models"))
    }
  }

  @Test("gives all numbers as JSON")
  func json() throws {
    try with { place in
      let outcome = try place.run("compare", "study.yaml", "--json", "--quick")
      #expect(outcome.code == 0 && outcome.errors == "")
      let text = try JSONText(outcome.output)
      #expect(text.hasSortedNames)
      #expect(text.object["format"] as? Int == 1 && text.object["measured"] as? Int == 4)
      #expect(text.object["name"] as? String == "flowers-quick")
      let comparison = try #require(try text.objects("comparisons").first)
      let methods = try #require(comparison["methods"] as? [[String: Any]])
      #expect(methods.map { $0["title"] as? String } == ["ec", "magnitude", "narrower"])
    }
  }

  @Test("ends with 75 when it is interrupted, and goes on with the same command")
  func interrupted() throws {
    try with { place in
      try place.write(
        Self.study.replacing("train: {epochs: 4}", with: "train: {epochs: 300000}"),
        to: "study.yaml")
      let program = try place.start(["compare", "study.yaml", "--quiet"])
      try program.wait(for: "the folder") {
        place.names(in: "checkpoints/flowers").contains("study.yaml")
      }
      program.signal(SIGTERM)
      let outcome = try program.outcome()
      #expect(outcome.code == 75)
      #expect(outcome.errors.contains("go on with: "))
      #expect(outcome.errors.contains("compare study.yaml --quiet"))
    }
  }

  @Test("refuses what is wrong before anything is written")
  func refused() throws {
    try with { place in
      try place.write(Self.study.replacing("0.8]", with: "1.0]"), to: "study.yaml")
      let outcome = try place.run("compare", "study.yaml")
      #expect(outcome.code == 65 && outcome.errors.contains("ratios[1]: 1.0 is not a sparsity"))
      #expect(place.names(in: ".") == ["flowers.csv", "study.yaml"])
      #expect(try place.run("compare", "nothing.yaml").code == 66)
      try place.write(Self.study.replacing("flowers.csv", with: "other.csv"), to: "study.yaml")
      #expect(try place.run("compare", "study.yaml").code == 66)
      #expect(place.names(in: ".") == ["flowers.csv", "study.yaml"])
    }
  }
}
