import Foundation
import Testing

/// Networks pruned on a table whose labels are elsewhere, or nowhere.
@Suite("ecpipe prune with labels apart from the table")
struct SeparateLabelsTests {
  /// Inputs a and b; the animals of `OwnNetwork.animals` by their numbers.
  private static func write(to place: Workplace) throws {
    try place.write(OwnNetwork.animals(), to: "net.safetensors")
    let rows = OwnNetwork.animalTable().split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",").map(String.init) }
    let numbers = ["zebra": 0, "ant": 1, "mole": 2]
    let inputs = rows.map { "\($0[0]),\($0[1])\n" }.joined()
    let labels = rows.map { "\(numbers[$0[2]] ?? 0)\n" }.joined()
    let reversed = rows.map { "\($0[1]),\($0[0]),\(numbers[$0[2]] ?? 0)\n" }.joined()
    try place.write("a,b\n" + inputs, to: "x.csv")
    try place.write("number\n" + labels, to: "y.csv")
    try place.write("b,a,number\n" + reversed, to: "reversed.csv")
  }

  @Test("the names of the table's columns are kept, and test samples are told by them")
  func names() throws {
    try Workplace.with { place in
      try Self.write(to: place)
      for labels in [["--labels", "y.csv"], []] {
        let outcome = try place.run(
          [
            "prune", "net.safetensors", "--activation", "relu", "--to", "0", "--output",
            "p.safetensors", "--data", "x.csv", "--test", "reversed.csv",
          ] + labels)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains(", accuracy 100.00 %\n  after "), "\(outcome.output)")
        #expect(try place.run("show", "p.safetensors").output.contains("\ninputs    2: a, b\n"))
        let measured = try place.run("evaluate", "p.safetensors", "--data", "reversed.csv")
        #expect(measured.output.hasSuffix("accuracy 100.00 %\n"), "\(measured.errors)")
      }
      // Without any other samples, too.
      let alone = try place.run(
        "prune", "net.safetensors", "--activation", "relu", "--to", "0", "--output",
        "q.safetensors", "--data", "x.csv")
      #expect(alone.code == 0, "\(alone.errors)")
      #expect(try place.run("show", "q.safetensors").output.contains("\ninputs    2: a, b\n"))
    }
  }

  @Test("a network without biases is not advised what it cannot have")
  func noBiases() throws {
    try Workplace.with { place in
      try Self.write(to: place)
      try place.write(
        OwnNetwork.file([
          ("0.weight", [3, 2], [1, 0, 0, 1, 0.25, 0.25]),
          ("2.weight", [3, 3], [-1, 0, 0, 1, 1, 0, 0, -1, 0]),
        ]), to: "bare.safetensors")
      let outcome = try place.run(
        "prune", "bare.safetensors", "--activation", "relu", "--to", "0.8", "--output",
        "p.safetensors", "--data", "x.csv", "--labels", "y.csv")
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(!outcome.errors.contains("--compensation least_squares"))
      let asked = try place.run(
        "prune", "bare.safetensors", "--activation", "relu", "--to", "0.5", "--output",
        "q.safetensors", "--data", "x.csv", "--labels", "y.csv", "--compensation", "least_squares")
      #expect(asked.code == 65 && asked.output == "")
      #expect(asked.errors.contains("has no bias, and compensation shifts biases"))
      #expect(asked.errors.split(separator: "\n").filter { $0.hasPrefix("ecpipe: ") }.count == 1)
      #expect(!place.names(in: ".").contains("q.safetensors"))
    }
  }
}
