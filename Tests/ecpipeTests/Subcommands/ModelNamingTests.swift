import Foundation
import Glibc
import Testing

/// What stands for a model, and for its loss.
@Suite("Models on the command line")
struct ModelNamingTests {
  @Test("a run that only measures has no result, and who asks for its model is told why")
  func onlyEvaluations() throws {
    try Workplace.with { place in
      try place.write(OwnNetwork.animals(), to: "net.safetensors")
      try place.write(OwnNetwork.animalTable(), to: "rows.csv")
      try place.write(
        """
        version: 1
        name: measured
        data: {csv: rows.csv, label: animal, task: classification, split: {test: 0.25}}
        model: {start: net.safetensors, activation: relu, classes: [zebra, ant, mole]}
        stages: [evaluate: {part: test}]
        """, to: "run.yaml")
      for _ in 0..<2 {
        let run = try place.run("run", "run.yaml")
        #expect(run.code == 0 && !run.output.contains("result"), "\(run.errors)")
      }
      for command in ["show", "evaluate"] {
        let outcome = try place.run(command, "measured")
        #expect(outcome.code == 65)
        #expect(
          outcome.errors == "ecpipe: checkpoints/measured: the run has made no model of its own, "
            + "since its stages only measure; name the file that it starts from\n")
      }
      let unknown = try place.run("show", "nothing")
      #expect(unknown.code == 66 && !unknown.errors.contains("measured"))
    }
  }

  @Test("a pipe is no model, for any command", .timeLimit(.minutes(1)))
  func pipe() throws {
    try Workplace.with { place in
      try place.write("a,b\n1,2\n", to: "rows.csv")
      try #require(mkfifo(place.file("pipe"), 0o600) == 0)
      for words in [
        ["show"], ["evaluate", "--data", "rows.csv"],
        ["predict", "--data", "rows.csv", "--output", "p.csv"],
        ["export", "--output", "e.safetensors"],
        ["prune", "--to", "0.5", "--output", "p.safetensors"],
      ] {
        let outcome = try place.run([words[0], "pipe"] + words.dropFirst())
        #expect(outcome.code == 65, "\(words)")
        #expect(
          outcome.errors.hasPrefix("ecpipe: pipe: this is no regular file but a pipe or"))
      }
    }
  }

  @Test("an export of scaled targets has its loss in raw units, and says so")
  func lossOfExport() throws {
    try Workplace.with { place in
      let rows = (0..<60).map { "\(Double($0) / 60),\(100 + 20 * $0)\n" }.joined()
      try place.write("x,y\n" + rows, to: "line.csv")
      try place.write(
        """
        version: 1
        name: line
        data: {csv: line.csv, task: regression, scale: standard, scale_targets: standard}
        model: {hidden: [4]}
        training: {batch: 16, loss: huber}
        stages: [train: {epochs: 2}]
        """, to: "line.yaml")
      try #require(place.run("run", "line.yaml", "--quiet").code == 0)
      try #require(place.run("export", "line", "--output", "line.safetensors").code == 0)
      let run = try place.run("evaluate", "line", "--data", "line.csv").output
      #expect(run.hasPrefix("line.csv: loss (huber) "))
      let export = try place.run("evaluate", "line.safetensors", "--data", "line.csv").output
      #expect(export.hasPrefix("line.csv: loss (huber of raw targets) "))
      // r² stands at the end, and has no units.
      #expect(run.split(separator: " ").last == export.split(separator: " ").last)
    }
  }

  @Test("output to an open descriptor goes there, behind what it has")
  func descriptor() throws {
    try Workplace.with { place in
      try place.write(OwnNetwork.animals(), to: "net.safetensors")
      try place.write("a,b\n0.1,2\n", to: "rows.csv")
      for path in ["/dev/fd/3", "/proc/self/fd/3"] {
        let outcome = try RunningProgram(
          "/bin/sh",
          [
            "-c", #"exec 3>out; echo first >&3; "$0" "$@""#, Program.path(), "predict",
            "net.safetensors", "--activation", "relu", "--data", "rows.csv", "--format", "csv",
            "--classes", "zebra,ant,mole", "--output", path,
          ], in: place.path
        ).outcome()
        #expect(outcome.code == 0, "\(outcome.errors)")
        let text = try place.text("out")
        #expect(text.hasPrefix("first\n") && text.hasSuffix("\nzebra\n"), "\(text)")
      }
    }
  }
}
