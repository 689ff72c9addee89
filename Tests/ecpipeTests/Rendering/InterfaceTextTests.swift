import Engine
import NeuralNetworks
import Testing
import ecpipe

@Suite("A model's data in words")
struct InterfaceTextTests {
  private func input(
    _ name: String?, _ position: Int, _ kind: ModelInterface.Input.Kind = .number(fill: nil)
  ) -> ModelInterface.Input {
    ModelInterface.Input(name: name, position: position, kind: kind)
  }

  @Test("kinds of columns, what was left out, and a layout of other countries")
  func everything() {
    let interface = ModelInterface(
      inputs: [
        input("age", 0), input("", 1), input("dose", 2, .number(fill: 0.5)),
        input("colour", 3, .category(levels: ["red", "dark blue"], unknownIsZero: true)),
        input("shape", 4, .category(levels: ["o"], unknownIsZero: false)),
      ],
      targets: [
        ModelInterface.Column(name: "y\n", position: 6),
        ModelInterface.Column(name: nil, position: 7),
      ],
      table: ModelInterface.Table(
        delimiter: ";", decimalSign: ",", header: true,
        ignored: [ModelInterface.Column(name: "id", position: 5)]),
      loss: .huber(delta: 0.25))
    #expect(
      InterfaceText(interface, classes: []).lines == [
        #"inputs    5: age, column 1, dose (missing: 0.5), "#
          + #"colour (text: red, "dark blue"; another text is all zeros), shape (text: o)"#,
        #"targets   2: "y\n", column 7"#, "loss      huber, delta 0.25",
        "table     delimiter semicolon, names in the first line, decimal comma, left out 1: id",
      ])
  }

  @Test("what stands for a missing value: six digits of a number, and a level that is no text")
  func missing() {
    let interface = ModelInterface(
      inputs: [
        input("mass", 0, .number(fill: 1234.567_890_123)), input("n", 1, .number(fill: 2.0 / 3)),
        input("k", 2, .number(fill: -12)),
        input("sex", 3, .category(levels: ["", "f"], unknownIsZero: false)),
      ], targets: [])
    #expect(
      InterfaceText(interface, classes: []).lines == [
        "inputs    4: mass (missing: 1234.57), n (missing: 0.666667), k (missing: -12), "
          + "sex (text: (missing), f)"
      ])
    let markers = ModelInterface(
      inputs: [input("a", 0)], targets: [], dropsMissing: true, missingMarkers: ["-", "n/a"])
    #expect(
      InterfaceText(markers, classes: []).lines == [
        "inputs    1: a",
        #"missing   empty, -, "n/a"; rows with a missing value are left out"#,
      ])
  }

  @Test("where inputs are filled, the rows that are left out are those without a target")
  func withoutTarget() {
    func text(_ levels: [String]?) -> String? {
      let inputs =
        [input("a", 0, .number(fill: 47))]
        + (levels.map { [input("sex", 1, .category(levels: $0, unknownIsZero: false))] } ?? [])
      return InterfaceText(
        ModelInterface(inputs: inputs, targets: [], dropsMissing: true), classes: []
      ).lines.last
    }
    #expect(text(nil) == "missing   rows without a target are left out")
    #expect(text(["", "f"]) == "missing   rows without a target are left out")
    #expect(
      text(["f"])
        == "missing   rows without a target are left out, and those with a missing text where training had none"
    )
  }

  @Test("many columns are folded, and without names they are a number")
  func many() {
    let named = ModelInterface(
      inputs: (0..<1_234).map { input("x\($0)", $0) }, targets: [], loss: .crossEntropy())
    #expect(
      InterfaceText(named, classes: (0..<9).map(String.init)).lines == [
        "inputs    1,234: x0, x1, x2, x3, x4, x5, …, x1233",
        "classes   9: 0, 1, 2, 3, 4, 5, …, 8", "loss      cross_entropy",
      ])
    let nameless = ModelInterface(inputs: (0..<784).map { input(nil, $0) }, targets: [])
    #expect(InterfaceText(nameless, classes: []).lines == ["inputs    784 without names"])
  }

  @Test("a name cannot change what stands beside it")
  func hostile() {
    let interface = ModelInterface(
      inputs: [input("a\u{202E}b", 0), input("c\u{1B}[31m", 1), input("d\"\\,", 2)], targets: [])
    #expect(
      InterfaceText(interface, classes: []).lines == [
        #"inputs    3: "a\u{202E}b", "c\u{1B}[31m", "d\"\\,""#
      ])
  }

  @Test("where nothing is known, nothing is said")
  func nothing() {
    #expect(InterfaceText(nil, classes: []).lines.isEmpty)
    #expect(InterfaceText(nil, classes: ["a", "b"]).lines == ["classes   2: a, b"])
  }
}
