import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import ONNXSchema
import Testing

@Suite("What a file for others takes and gives")
struct ExportUseTests {
  /// A network of three inputs, of which the last two are levels of one column.
  private func export(
    outputs: Int, classes: [String], scaled: Bool = true, named: Bool = true
  ) -> ModelExport {
    var draws = Draws(seed: 3)
    let interface = ModelInterface(
      inputs: [
        .init(name: "age", position: 0),
        .init(
          name: "city", position: 1,
          kind: .category(levels: ["Oslo", "Rome"], unknownIsZero: false)),
      ], targets: [.init(name: "price", position: 2)])
    return ModelExport(
      ModelState(
        network: draws.network([3, 2, outputs], .relu, densities: [2]),
        inputScaling: scaled ? AffineScaling(shift: [1, 0, 0], scale: [2, 1, 1]) : nil,
        targetScaling: scaled && classes.isEmpty ? AffineScaling(shift: [1], scale: [2]) : nil,
        classes: classes, interface: named ? interface : nil))
  }

  @Test("are columns in their order, the names in a graph, classes, and what is folded in")
  func lines() {
    #expect(
      ExportUse(export(outputs: 2, classes: ["no", "yes"]), ONNXFormat().graphNames).lines() == [
        "input \"input\", float32 [batch, 3]: age, city=Oslo, city=Rome; raw values, since their scaling is "
          + "folded in",
        "output \"output\", float32 [batch, 2], one for each class: no, yes; the largest is the answer, and "
          + "softmax makes probabilities of them",
      ])
    #expect(
      ExportUse(export(outputs: 1, classes: []), nil).lines() == [
        "takes 3 numbers a row: age, city=Oslo, city=Rome; raw values, since their scaling is folded in",
        "gives 1 number a row: price; raw values, since their scaling is folded in",
      ])
    #expect(
      ExportUse(export(outputs: 2, classes: [], scaled: false, named: false), nil).lines() == [
        "takes 3 numbers a row, in the order of the training data", "gives 2 numbers a row",
      ])
    let one = ExportUse(export(outputs: 1, classes: ["no", "yes"]), nil).lines()[1]
    #expect(one.hasPrefix("gives 1 number a row: above 0 for yes, else no; "))
  }

  @Test("of inputs that are filled where they are missing, what to put in is told")
  func missing() {
    var export = export(outputs: 1, classes: [])
    export.state.interface?.inputs[0] = .init(
      name: "age", position: 0, kind: .number(fill: 47))
    let use = ExportUse(export, nil)
    #expect(use.fills == [47, nil, nil])
    #expect(
      use.lines()[1]
        == "where a value is missing, put in 47.0 for age; a NaN that goes in comes out as NaN")
    #expect(ExportUse(self.export(outputs: 1, classes: []), nil).fills.isEmpty)
  }

  @Test("of many columns the first ones and the last are told")
  func many() throws {
    var draws = Draws(seed: 3)
    let inputs = (0..<30).map { ModelInterface.Input(name: "x\($0)", position: $0) }
    let export = ModelExport(
      ModelState(
        network: draws.network([30, 2], .relu, densities: [2]),
        interface: ModelInterface(inputs: inputs, targets: [])))
    let lines = ExportUse(export, nil).lines(most: 4)
    #expect(lines[0] == "takes 30 numbers a row: x0, x1, …, x29")
    // The file itself has all of them.
    let file = try Onnx_ModelProto(serializedBytes: ONNXFormat().bytes(of: export))
    #expect(file.docString.contains("x7, x8, x9"))
  }
}
