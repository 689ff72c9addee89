import Engine
import NeuralNetworks
import Reports
import Storage
import Testing

@Suite("A model's data as JSON")
struct ModelInterfaceJSONTests {
  @Test("every input has a member of its own, null for what it does not have")
  func everything() {
    let interface = ModelInterface(
      inputs: [
        ModelInterface.Input(name: nil, position: 1),
        ModelInterface.Input(name: "d", position: 2, kind: .number(fill: 0.5)),
        ModelInterface.Input(
          name: "c", position: 4, kind: .category(levels: ["x", "y"], unknownIsZero: false)),
      ],
      targets: [ModelInterface.Column(name: "t", position: 0)],
      table: ModelInterface.Table(
        delimiter: "\t", decimalSign: ",", header: true,
        ignored: [ModelInterface.Column(name: "id", position: 3)]),
      loss: .huber(delta: 0.1))
    #expect(
      interface.json == [
        "inputs": [
          ["name": .null, "position": 1, "fill": .null, "levels": .null, "unknown": .null],
          ["name": "d", "position": 2, "fill": 0.5, "levels": .null, "unknown": .null],
          ["name": "c", "position": 4, "fill": .null, "levels": ["x", "y"], "unknown": "error"],
        ],
        "targets": [["name": "t", "position": 0]],
        "table": [
          "delimiter": "\t", "decimal": ",", "header": true,
          "ignored": [["name": "id", "position": 3]],
        ],
        "loss": ["name": "huber", "delta": 0.1],
        "missing": ["rows": "error", "markers": .null],
      ])
    let arrays = ModelInterface(
      inputs: [], targets: [], dropsMissing: true, missingMarkers: ["-"])
    #expect(
      arrays.json == [
        "inputs": [], "targets": [], "table": .null, "loss": .null,
        "missing": ["rows": "drop", "markers": ["-"]],
      ])
  }
}
