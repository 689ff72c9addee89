import Foundation
import TestSupport
import Testing

/// Tables on a command line, as people have them.
@Suite("Options of tables")
struct TableOptionsTests {
  private func trained(_ table: String, _ data: String, _ body: (Workplace) throws -> Void) throws {
    try Workplace.with { place in
      try place.write(table, to: "d.csv")
      try place.write(
        """
        version: 1
        name: small
        data: {csv: d.csv, \(data)}
        model: {hidden: [3], activation: relu}
        training: {batch: 4, optimizer: {adam: {learning_rate: 0.02}}}
        stages: [train: {epochs: 2}]
        """, to: "s.yaml")
      let run = try place.run("run", "s.yaml")
      try #require(run.code == 0, "\(run.errors)")
      try body(place)
    }
  }

  private func rows(_ row: (Int) -> String) -> String { (0..<12).map { row($0) + "\n" }.joined() }

  @Test("take a sign for its word, and the same numbers come out")
  func signs() throws {
    let table = "a,y\n" + rows { "\(Double($0) / 4),\($0)" }
    try trained(table, "task: regression") { place in
      try place.write("a\n0.25\n-1.5\n", to: "point.csv")
      try place.write("a\n0,25\n-1,5\n", to: "comma.csv")
      var found: [String] = []
      for options in [
        ["point.csv"], ["comma.csv", "--decimal", ",", "--delimiter", ";"],
        ["comma.csv", "--decimal", "comma"],
      ] {
        let outcome = try place.run(["predict", "small", "--output", "p.csv", "--data"] + options)
        #expect(outcome.code == 0, "\(outcome.errors)")
        found.append(String(decoding: try place.bytes("p.csv"), as: UTF8.self))
      }
      #expect(Set(found).count == 1)
      #expect(
        try place.run(
          "predict", "small", "--data", "point.csv", "--output", "p.csv", "--decimal", ";"
        )
        .code == 64)
    }
  }

  @Test("markers are the model's, or those that are said; what is missing leaves float32 as it is")
  func markers() throws {
    let table = "a,y\n" + rows { $0 == 3 ? "-,1" : "\($0),\($0)" }
    try trained(table, "task: regression, missing: {drop: {markers: [\"-\"]}}") { place in
      try place.write("a\n1\n-\n2\n", to: "own.csv")
      try place.write("a\n1\nzz\n2\n", to: "other.csv")
      let own = try place.run("predict", "small", "--data", "own.csv", "--output", "p.npy")
      #expect(own.code == 0, "\(own.errors)")
      let bytes = try place.bytes("p.npy")
      #expect(String(decoding: bytes.prefix(60), as: UTF8.self).contains("'<f4'"))
      let outputs = try Arrays.rows(npy: bytes)
      #expect(outputs.count == 3 && outputs[1][0].isNaN && outputs[0][0].isFinite)
      #expect(
        try place.run("predict", "small", "--data", "other.csv", "--output", "p.npy").code == 65)
      #expect(
        try place.run(
          "predict", "small", "--data", "other.csv", "--output", "p.npy", "--marker", "zz",
          "--marker", "-"
        ).code == 0)
      #expect(try place.run("show", "small").output.contains("missing   empty, -; rows with"))
    }
  }

  @Test("a class that is called as the column of labels has a column of its own")
  func names() throws {
    let table = "a,c\n" + rows { "\($0),\($0 % 2 == 0 ? "c" : "d")" }
    try trained(table, "task: classification") { place in
      let outcome = try place.run(
        "predict", "small", "--data", "d.csv", "--output", "p.csv", "--probabilities")
      #expect(outcome.code == 0, "\(outcome.errors)")
      let text = String(decoding: try place.bytes("p.csv"), as: UTF8.self)
      #expect(text.hasPrefix("predicted c,c,d\n"))
    }
  }

  @Test("fewer kinds of labels than outputs want the classes named, with blanks or without")
  func classes() throws {
    try Workplace.with { place in
      try place.write(OwnNetwork.animals(), to: "net.safetensors")
      let lines = OwnNetwork.animalTable().split(separator: "\n")
      let some = [lines[0]] + lines.dropFirst().filter { !$0.contains("zebra") }
      try place.write(some.joined(separator: "\n") + "\n", to: "some.csv")
      let arguments = ["evaluate", "net.safetensors", "--activation", "relu", "--data", "some.csv"]
      let unnamed = try place.run(arguments)
      #expect(unnamed.code == 65)
      #expect(
        unnamed.errors.contains(
          "some.csv: the labels are of 2 kinds, and net.safetensors, which does not say its classes, tells 3 "
            + "apart; name all of them, in the order of its outputs, with --classes"))
      let plain = try place.run(arguments + ["--classes", "zebra,ant,mole"])
      let spaced = try place.run(arguments + ["--classes", "zebra, ant, mole"])
      #expect(plain.code == 0 && spaced.output == plain.output)
    }
  }
}
