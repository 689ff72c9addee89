import Benchmarking
import NumericCore
import Storage
import Testing

@Suite("Products beside sgemm")
struct ProductMeasurementTests {
  @Test("Every product of a dense step is measured, and none twice")
  func shapes() {
    let names = ProductMeasurement.shapes.map(\.name)
    #expect(Set(names).count == names.count)
    // Forward, back and the gradient of lenet's and wide's layers.
    for name in ["300x64x784", "300x64x100/transposed", "300x784x64", "1024x128x1024/transposed"] {
      #expect(names.contains(name))
    }
  }

  @Test("A measured product has its name, its operations and two times")
  func measurement() throws {
    var asked: [String] = []
    let shapes = [
      ProductShape(rows: 9, columns: 20, inner: 33),
      ProductShape(rows: 9, columns: 20, inner: 33, transposesLeft: true),
    ]
    let entries = ProductMeasurement.measure(seconds: 0.001, shapes: shapes) {
      asked.append($0.name)
    }.entries
    #expect(asked == ["9x20x33", "9x20x33/transposed"] && entries.map(\.name) == asked)
    for entry in entries {
      #expect(entry.operations == 2 * 9 * 20 * 33)
      #expect(entry.ratio > 0 && entry.ratio.isFinite)
    }
  }

  @Test("JSON has both times of every product")
  func json() {
    let measurement = ProductMeasurement(entries: [
      .init(name: "2x16x3", operations: 192, milliseconds: 2, sgemmMilliseconds: 1.5)
    ])
    #expect(
      measurement.json.canonical
        == #"{"format":1,"instructions":"\#(InstructionSet.chosen.rawValue)","products":{"#
        + #""2x16x3":{"ms":2.0,"operations":192.0,"sgemm_ms":1.5}},"threads":1}"#)
  }
}
