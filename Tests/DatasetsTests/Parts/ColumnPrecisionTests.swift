import Datasets
import NeuralNetworks
import NumericCore
import Testing

@Suite("What float32 leaves of a column")
struct ColumnPrecisionTests {
  private func notes(
    _ column: [Double], _ scaling: Scaling = .none, name: String? = "t"
  ) throws -> [String] {
    let matrix = DataMatrix(rows: column.count, columns: 1, column)
    var data = Dataset(
      inputs: matrix, targets: .classes(column.map { _ in 0 }, names: ["a"]), source: "d.csv",
      featureNames: name.map { [$0] })
    let scaling = AffineScaling(
      scaling, fittedTo: matrix, rows: column.indices.map { Int32($0) })
    try data.scale(inputs: scaling, targets: nil)
    return data.warnings
  }

  @Test("an unscaled column whose values become one is named, with the way out")
  func unscaled() throws {
    let times = (0..<100).map { 1_700_000_000 + Double($0) }
    let text =
      ": of 100 distinct values, float32 tells 2 apart; scale them (scale: standard), or subtract a "
      + "constant"
    #expect(try notes(times) == ["d.csv, column \"t\"" + text])
    #expect(try notes(times, name: nil) == ["d.csv, input 0" + text])
    for scaling in [Scaling.unit, .standard] { #expect(try notes(times, scaling).isEmpty) }
  }

  @Test("likewise one of which a single value takes all the room, even when it is scaled")
  func outlier() throws {
    let column = (0..<100).map { Double($0) } + [1e14]
    #expect(try notes(column).isEmpty)
    #expect(
      try notes(column, .standard) == [
        "d.csv, column \"t\": of 101 distinct values, float32 tells 2 apart; some values lie far from "
          + "all others; correct or remove those rows"
      ])
  }

  @Test("values of targets are scaled by another setting")
  func targets() throws {
    let values = DataMatrix(rows: 100, columns: 1, (0..<100).map { 1e9 + Double($0) })
    var data = Dataset(
      inputs: .float32(Matrix(rows: 100, columns: 1)), targets: .values(values), source: "d.csv",
      interface: ModelInterface(inputs: [], targets: [.init(name: "y", position: 1)]))
    try data.scale(inputs: nil, targets: nil)
    #expect(
      data.warnings == [
        "d.csv, column \"y\": of 100 distinct values, float32 tells 3 apart; scale them "
          + "(scale_targets: standard), or subtract a constant"
      ])
  }

  @Test("neighbours among few values count, last digits of measurements do not")
  func tolerance() throws {
    #expect(!(try notes([16_777_216, 16_777_217, 16_777_218, 16_777_219]).isEmpty))
    #expect(!(try notes([1e9, 1e9 + 1]).isEmpty))
    var generator = Philox(seed: 3, purpose: .derivation)
    let measured = (0..<20_000).map { _ in 293 + generator.nextUnit() }
    #expect(Set(measured.map { Float($0) }).count < Set(measured).count)
    #expect(try notes(measured).isEmpty && notes(measured, .standard).isEmpty)
    #expect(try notes([0.3, 0.1 + 0.2]).isEmpty)
  }
}
