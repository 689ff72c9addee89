import Foundation
import Testing

/// What commands write where a person says, and read from where one says.
@Suite("Files that a command line names")
struct NamedFilesTests {
  /// Runs a line of a shell in `place`, with the program as `$0`.
  private func shell(_ place: Workplace, _ line: String) throws -> Outcome {
    try RunningProgram("/bin/sh", ["-c", line, Program.path()], in: place.path).outcome()
  }

  /// A place with a trained model, `small`.
  private func trained(_ body: (Workplace) throws -> Void) throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "train", "--quiet").code == 0)
      try body(place)
    }
  }

  private let predict = "predict small --data flowers.csv --ignore kind"

  @Test("a .csv of a classifier: the class of every row, under its name; --probabilities by class")
  func classes() throws {
    try trained { place in
      try #require(shell(place, "$0 \(predict) --output y.npy").code == 0)
      let logits = try Arrays.rows(npy: place.bytes("y.npy"))
      let names = ["setosa", "versicolor", "virginica"]
      let expected = logits.map { row in names[row.firstIndex(of: row.max()!)!] }
      #expect(try shell(place, "$0 \(predict) --output y.csv").output.hasPrefix("y.csv: 60 rows"))
      #expect(try place.text("y.csv") == (["kind"] + expected).joined(separator: "\n") + "\n")

      try #require(shell(place, "$0 \(predict) --probabilities --output p.csv").code == 0)
      try #require(shell(place, "$0 \(predict) --probabilities --output p.npy").code == 0)
      let shares = try Arrays.rows(npy: place.bytes("p.npy"))
      let lines = try place.text("p.csv").split(separator: "\n").map { $0.split(separator: ",") }
      #expect(lines[0] == ["kind", "setosa", "versicolor", "virginica"])
      #expect(lines.count == 61)
      for (row, line) in lines.dropFirst().enumerated() {
        #expect(line[0] == expected[row])
        #expect(line.dropFirst().map { Float($0) } == shares[row])
      }
    }
  }

  @Test("a .csv of a regression has its targets by name, however the schedule selects them")
  func targets() throws {
    try Workplace.with { place in
      try place.write(
        "x,up,down\n"
          + SmallRun.flowerInputs().map { row in
            "\(row[0]),\(row[1]),\(row[2])\n"
          }.joined(), to: "t.csv")
      try place.write(
        """
        version: 1
        name: t
        data: {csv: t.csv, label: [up, last], task: regression}
        model: {hidden: [3]}
        training: {batch: 20, optimizer: {adam: {learning_rate: 0.02}}}
        stages: [train: {epochs: 2}]
        """, to: "t.yaml")
      try #require(place.run("run", "t.yaml", "--quiet").code == 0)
      let ways = "$0 predict t --data t.csv --ignore up --ignore down --output"
      try #require(shell(place, "\(ways) y.csv && \(ways) y.npy").code == 0)
      let lines = try place.text("y.csv").split(separator: "\n").map { $0.split(separator: ",") }
      #expect(lines[0] == ["up", "down"])
      let values = try Arrays.rows(npy: place.bytes("y.npy"))
      #expect(lines.dropFirst().map { $0.map { Float($0)! } } == values)
    }
  }

  @Test("a .npz holds what the .npy holds, and is read again as data")
  func archive() throws {
    try trained { place in
      try #require(
        shell(place, "$0 \(predict) --output y.npy && $0 \(predict) --output y.npz").code == 0)
      let (archive, array) = (try place.bytes("y.npz"), try place.bytes("y.npy"))
      #expect(archive.range(of: array) != nil)
      // Three logits are taken for inputs: the error is about their number, not about the file.
      let again = try shell(place, "$0 predict small --data y.npz:outputs --output z.npy")
      #expect(again.errors.contains("y.npz:outputs: 3 columns, the model takes 4 inputs"))
    }
  }

  @Test(
    "other suffixes are refused with those there are",
    arguments: [
      ("predict small --data flowers.csv --ignore kind --output y.txt", ".csv, .npy, .npz"),
      ("predict small --data flowers.csv --ignore kind --output y", ".csv, .npy, .npz"),
      ("predict small --data flowers.csv --ignore kind --output y.csv --format npy", "says csv"),
      ("export small --output y.csv", ".safetensors"),
      ("prune small --data flowers.csv --to 0.5 --output y.csv", ".safetensors"),
      ("bench --growth --plot y.png", ".svg"),
    ])
  func suffixes(line: String, allowed: String) throws {
    try Workplace.with { place in
      let outcome = try shell(place, "$0 \(line)")
      #expect((outcome.code, outcome.output) == (64, ""))
      #expect(outcome.errors.contains(allowed), "\(outcome.errors)")
      #expect(place.names(in: ".").isEmpty)
    }
  }

  @Test("standard output, by any of its names, gets the file and nothing else")
  func standardOutput() throws {
    try trained { place in
      try #require(
        shell(place, "$0 \(predict) --output y.csv && $0 \(predict) --output y.npy").code == 0)
      for name in ["-", "/dev/stdout", "/dev/fd/1"] {
        let piped = try shell(place, "$0 \(predict) --output \(name) | cat")
        #expect(piped.output == (try place.text("y.csv")))
        let shown = name == "-" ? "standard output" : name
        #expect(piped.errors == "\(shown): 60 rows of 3 outputs\n")
        let filed = try shell(
          place, "{ echo first; $0 \(predict) --quiet --output \(name); } > all")
        #expect((filed.code, filed.errors) == (0, ""))
        #expect(try place.text("all") == "first\n" + place.text("y.csv"))
      }
      #expect(try shell(place, "$0 \(predict) --quiet --output - --format npy > z.npy").code == 0)
      #expect(try place.bytes("z.npy") == place.bytes("y.npy"))
      #expect(try shell(place, "$0 export small --output m.safetensors").code == 0)
      #expect(
        try shell(place, "$0 export small --quiet --output - | cmp - m.safetensors").code == 0)
      let full = try shell(place, "$0 \(predict) --output - > /dev/full")
      #expect(full.code == 1)
      #expect(full.errors == "ecpipe: standard output: write failed: No space left on device\n")
    }
  }

  @Test("pipes, links and modes: written through, followed, kept, by every command")
  func written() throws {
    try trained { place in
      try #require(shell(place, "$0 export small --output m.safetensors").code == 0)
      let prune = "prune small --data x.npy --to 0.5 --quiet --importance"
      try place.write(Arrays.npy(SmallRun.flowerInputs()), to: "x.npy")
      try #require(shell(place, "$0 \(prune) i.safetensors --output p.safetensors").code == 0)
      let commands = [
        ("export small --quiet --output", "m.safetensors"),
        ("prune small --data x.npy --to 0.5 --quiet --output", "p.safetensors"),
        (
          "prune small --data x.npy --to 0.5 --quiet --output q.safetensors --importance",
          "i.safetensors"
        ),
      ]
      for (command, expected) in commands {
        let outcome = try shell(
          place,
          """
          mkfifo pipe; cat pipe > piped & $0 \(command) pipe; wait; test -p pipe && cmp piped \(expected)
          : > t.safetensors; chmod 600 t.safetensors; ln -s t.safetensors l.safetensors
          $0 \(command) l.safetensors; cmp t.safetensors \(expected); stat -c '%a %F' t.safetensors
          readlink l.safetensors; rm pipe l.safetensors t.safetensors
          """)
        let said = outcome.errors.split(separator: "\n")
        // The run was ended early, and an export says so.
        #expect(
          said.allSatisfy {
            $0.hasPrefix("note: x.npy: an array has no names") || $0.contains("ecpipe resume")
          })
        #expect(outcome.output == "600 regular file\nt.safetensors\n", "\(command)")
      }
    }
  }

  @Test("an export of a schedule follows a link, and is done as long as the file stands behind it")
  func exportStage() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let schedule = SmallRun.schedule + "  - export: {safetensors: link.safetensors}\n"
      try place.write(schedule, to: "small.yaml")
      try place.write("", to: "target.safetensors")
      try FileManager.default.createSymbolicLink(
        atPath: place.file("link.safetensors"), withDestinationPath: "target.safetensors")
      try #require(place.run("run", "small.yaml", "--quiet").code == 0)
      #expect(try place.bytes("target.safetensors").count > 100)
      #expect(
        try FileManager.default.destinationOfSymbolicLink(atPath: place.file("link.safetensors"))
          == "target.safetensors")
      #expect(try place.run("run", "small.yaml").output.contains("nothing to do"))
    }
  }

  @Test("schedule and data come from a pipe where reading once is enough")
  func piped() throws {
    try trained { place in
      let validate = "valid; 6 stages on 36 training samples\n"
      for name in ["-", "/dev/stdin"] {
        #expect(
          try shell(place, "cat small.yaml | $0 validate \(name)").output
            .hasPrefix("\(name): " + validate))
      }
      try #require(shell(place, "$0 \(predict) --output y.csv").code == 0)
      let piped = "predict small --ignore kind --quiet --output - --data"
      for line in [
        "cat flowers.csv | $0 \(piped) -", "cat flowers.csv | $0 \(piped) /dev/stdin",
        "gzip -c flowers.csv | $0 \(piped) -",
        "mkfifo in; cat flowers.csv > in & $0 \(piped) in",
      ] {
        let outcome = try shell(place, line)
        #expect(outcome.output == (try place.text("y.csv")), "\(line): \(outcome.errors)")
      }
      let measured = try shell(place, "cat flowers.csv | $0 evaluate small --data - --label kind")
      #expect(measured.output.hasPrefix("-: loss "), "\(measured.errors)")
      // The run of a schedule from a pipe goes on, from a pipe or not.
      let run = try shell(place, "cat small.yaml | $0 run - --quiet && $0 run small.yaml")
      #expect(run.output.contains("nothing to do"), "\(run.errors)")
    }
  }

  @Test("data that a run would read again, a schedule to resume, a model: a clear error")
  func readAgain() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let data = try shell(
        place, "mkfifo in; $0 run small.yaml --set data.csv=in")
      #expect((data.code, data.output) == (65, ""))
      #expect(data.errors.contains("in: this is a pipe, which gives its data only once"))
      let resumed = try shell(
        place, "mkfifo s; cat small.yaml > s & $0 run s --until train --quiet && $0 resume small")
      #expect(resumed.code == 66)
      #expect(resumed.errors.contains("came from a pipe"), "\(resumed.errors)")
      let model = try shell(place, "cat small.yaml | $0 show /dev/stdin")
      #expect(model.code == 65 || model.code == 11)
      #expect(model.errors.contains("no regular file"), "\(model.errors)")
    }
  }
}
