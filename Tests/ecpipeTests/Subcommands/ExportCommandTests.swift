import Foundation
import Testing

@Suite("ecpipe export to C sources") struct ExportCommandTests {
  /// A network for animals, in a folder with rows without labels.
  private func with(_ body: (Workplace) throws -> Void) throws {
    try Workplace.with { place in
      try place.write(OwnNetwork.animals(), to: "net.safetensors")
      try place.write("a,b\n0.1,2\n2,0.1\n0.5,-0.4\n1,1\n", to: "rows.csv")
      try body(place)
    }
  }

  private let common = ["export", "net.safetensors", "--activation", "relu", "--output"]

  @Test("writes the source and its header, and says so")
  func written() throws {
    try with { place in
      let outcome = try place.run(common + ["own.c"])
      #expect(outcome.code == 0 && outcome.errors.isEmpty)
      let sizes = try ["own.c", "own.h"].map { try place.bytes($0).count }
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.count >= 2 && lines[0].hasPrefix("own.c: ") && lines[1].hasPrefix("own.h: "))
      let json = try place.run(common + ["own.c", "--json"])
      #expect(json.output.contains("\"bytes\": \(sizes[0] + sizes[1])"))
      #expect(try place.text("own.c").contains("void own_run("))
      let apart = try place.run(common + ["own.c", "--separate-weights", "--prefix", "mine"])
      #expect(apart.code == 0 && apart.output.contains("own_weights.h: "))
      #expect(try place.text("own_weights.h").contains("mine_hidden1_weights["))
    }
  }

  @Test(
    "nothing is written into the folder of a run, a study or a job, which would lose a network",
    arguments: [
      ("run", ["run.json"]), ("study", ["study.json", "study.yaml"]),
      ("nightly job", ["nightly.json"]),
    ])
  func folderOfWork(kind: String, marks: [String]) throws {
    try with { place in
      try FileManager.default.createDirectory(
        atPath: place.file("work"), withIntermediateDirectories: false)
      for mark in marks { try place.write("{}", to: "work/" + mark) }
      let outcome = try place.run(common + ["work/01-train-0.safetensors"])
      #expect(outcome.code == 64)
      #expect(outcome.errors.contains("this file lies in the folder of a \(kind), "))
      #expect(place.names(in: "work") == marks)
    }
  }

  @Test("nothing is lost that has the name of a header, and no stream is written")
  func companions() throws {
    try with { place in
      try FileManager.default.createDirectory(
        atPath: place.file("own.h"), withIntermediateDirectories: false)
      let folder = try place.run(common + ["own.c"])
      #expect(folder.code == 64 && folder.errors.contains("own.h: this is a folder"))
      try place.write(place.bytes("net.safetensors"), to: "read.h")
      let read = try place.run("export", "read.h", "--activation", "relu", "--output", "read.c")
      #expect(read.code == 64 && read.errors.contains("this file is read here"))
      #expect(mkfifo(place.file("pipe.c"), 0o600) == 0)
      let pipe = try place.run(common + ["pipe.c"])
      #expect(pipe.code == 64 && pipe.errors.contains("this format writes several files"))
      #expect(!place.names(in: ".").contains { $0.hasSuffix(".c") && $0 != "pipe.c" })
    }
  }

  @Test(
    "an option that says nothing is an error that names it",
    arguments: [
      (["a.safetensors", "--int8", "--data", "rows.csv"], "--int8 and --output a.safetensors: "),
      (["a.safetensors", "--prefix", "b"], "--prefix and --output a.safetensors: "),
      (["a.c", "--data", "rows.csv"], "--data and --test are for --int8"),
      (["a.c", "--max-drop", "1"], "--max-drop is for --int8"),
      (["a.c", "--int8", "--data", "rows.csv", "--max-drop", "-1"], "--max-drop -1.0: "),
      (["ü.c"], "--output ü.c: a C source names its header, and "),
      (["a.c", "--prefix", "1b"], "--prefix 1b: "),
      (["a.c", "--int8"], "--int8 needs samples to find scales by; name some with --data"),
    ])
  func refused(words: [String], message: String) throws {
    try with { place in
      let outcome = try place.run(common + words)
      #expect(outcome.code == 64 && outcome.errors.contains(message))
      #expect(!FileManager.default.fileExists(atPath: place.file(words[0])))
    }
  }

  @Test("bytes are calibrated on the data, and refused where they cost too much")
  func bytes() throws {
    try with { place in
      let words = ["own.c", "--int8", "--data", "rows.csv"]
      let bound = try place.run(common + words + ["--max-drop", "0"])
      #expect(
        bound.code == 1
          && bound.errors.contains("and 0 are allowed (--max-drop); nothing is written")
      )
      #expect(!FileManager.default.fileExists(atPath: place.file("own.h")))
      let outcome = try place.run(common + words + ["--max-drop", "50"])
      #expect(outcome.code == 0)
      #expect(
        outcome.output.contains("int8 differs from float by ")
          && outcome.output.contains("on 4 samples of rows.csv"))
      #expect(try place.text("own.h").contains("void own_run_int8("))
      let classes = try place.run(common + words + ["--classes", "zebra,ant,mole", "--json"])
      #expect(classes.output.contains("\"measure\": \"agreement\""))
    }
  }

  @Test("the model of a run is calibrated on its own data, and says how good it is")
  func ownData() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      let outcome = try place.run("export", "small", "--output", "small.c", "--int8")
      #expect(outcome.code == 0 && outcome.output.contains("int8 has accuracy "))
      #expect(outcome.output.contains("on 12 samples of the validation part"))
      let source = try place.text("small.c")
      #expect(
        source.contains(" * At export   int8: accuracy ")
          && source.contains(" % on 12 samples of the validation part of small.yaml\n")
          && source.contains(" *             float: accuracy "))
      #expect(source.contains("\"versicolor\""))
    }
  }
}
