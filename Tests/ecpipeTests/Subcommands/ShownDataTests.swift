import Foundation
import Testing

/// How people see which output and which input is which.
@Suite("What is shown of a model's data")
struct ShownDataTests {
  /// The rows of predictions as CSV.
  private func predicted(_ place: Workplace, _ arguments: String...) throws -> [Substring] {
    let outcome = try place.run(
      ["predict", "small", "--data", "flowers.csv", "--output", "p.csv", "--quiet"] + arguments)
    try #require(outcome.code == 0, "\(outcome.errors)")
    return try place.text("p.csv").split(separator: "\n")
  }

  @Test("the names of classes stand in a CSV's first line and in an NPZ")
  func classes() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "train", "--quiet").code == 0)
      let rows = try predicted(place, "--probabilities")
      #expect(rows[0] == "kind,setosa,versicolor,virginica")
      #expect(try predicted(place)[0] == "kind")
      let archive = ["predict", "small", "--data", "flowers.csv", "--output", "p.npz"]
      try #require(place.run(archive).code == 0)
      // NumPy's text of ten characters, each of four bytes.
      let bytes = try place.bytes("p.npz")
      #expect(bytes.range(of: Data("'descr': '<U10'".utf8)) != nil)
      #expect(bytes.range(of: Data("classes.npy".utf8)) != nil)
      #expect(bytes.range(of: Data("setosa".flatMap { [$0.asciiValue!, 0, 0, 0] })) != nil)
    }
  }

  @Test("show tells inputs, targets, classes, loss and layout; --json has all of it")
  func shown() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try place.write(
        SmallRun.schedule.replacing(
          "loss: cross_entropy", with: "loss: cross_entropy\n  label_smoothing: 0.1"),
        to: "small.yaml")
      try #require(place.run("run", "small.yaml", "--until", "train", "--quiet").code == 0)
      let text = try place.run("show", "small").output
      let lines = [
        #"inputs    4: "sepal length", "sepal width", "petal length", "petal width""#,
        "targets   1: kind", "classes   3: setosa, versicolor, virginica",
        "loss      cross_entropy, label smoothing 0.1",
        "table     delimiter comma, names in the first line",
      ]
      #expect(text.contains(lines.joined(separator: "\n") + "\n"), "\(text)")
      // Of an export the same.
      try #require(place.run("export", "small", "--output", "e.safetensors", "--quiet").code == 0)
      #expect(
        try place.run("show", "e.safetensors").output.contains(lines.joined(separator: "\n") + "\n")
      )
      let json = try JSONText(place.run("show", "small", "--json").output)
      #expect(json.hasSortedNames)
      #expect(json.object["classes"] as? [String] == ["setosa", "versicolor", "virginica"])
      let exported = try JSONText(place.run("show", "e.safetensors", "--json").output)
      for name in ["classes", "interface"] {
        #expect(exported.object[name] as? NSObject == json.object[name] as? NSObject)
      }
      let interface = try #require(json.object["interface"] as? [String: Any])
      #expect(interface.keys.sorted() == ["inputs", "loss", "missing", "table", "targets"])
      let inputs = try #require(interface["inputs"] as? [[String: Any]])
      #expect(inputs.map { $0["position"] as? Int } == [0, 1, 2, 3])
      #expect(inputs[0]["name"] as? String == "sepal length")
      let loss = try #require(interface["loss"] as? [String: Any])
      #expect(loss["name"] as? String == "cross_entropy")
      #expect(loss["label_smoothing"] as? Double == 0.1)
      let table = try #require(interface["table"] as? [String: Any])
      #expect(table["delimiter"] as? String == "," && table["header"] as? Bool == true)
    }
  }
}
