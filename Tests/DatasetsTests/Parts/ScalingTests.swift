import Datasets
import NeuralNetworks
import NumericCore
import Testing

@Suite("Scaling")
struct ScalingTests {
  private func fit(
    _ scaling: Scaling, _ matrix: DataMatrix, rows: [Int32]? = nil
  ) -> AffineScaling? {
    AffineScaling(
      scaling, fittedTo: matrix, rows: rows ?? (0..<matrix.rows).map { Int32($0) })
  }

  private func data(_ matrix: DataMatrix) -> Dataset {
    Dataset(
      inputs: matrix, targets: .values(.float32(Matrix(rows: matrix.rows, columns: 1))),
      source: "d.csv")
  }

  private func scaled(_ scaling: AffineScaling?, _ matrix: DataMatrix) throws -> [Double] {
    var data = data(matrix)
    try data.scale(inputs: scaling, targets: nil)
    return data.inputs.elements
  }

  @Test("none leaves everything as it is")
  func none() {
    #expect(fit(.none, DataMatrix(rows: 2, columns: 1, [1, 2])) == nil)
  }

  @Test("unit brings each column to 0…1, standard to mean 0 and deviation 1")
  func definitions() throws {
    let matrix = DataMatrix(rows: 4, columns: 2, [0, -1, 4, 1, 8, 3, 16, 5])
    let third = Double(Float(1.0 / 3))
    #expect(
      try scaled(fit(.unit, matrix), matrix)
        == [0, 0, 0.25, third, 0.5, Double(Float(2.0 / 3)), 1, 1])
    let scale = try #require(fit(.standard, matrix))
    // Means 7 and 2; variances (49 + 9 + 1 + 81) / 4 = 35 and (9 + 1 + 1 + 9) / 4 = 5.
    #expect(scale.shift == [7, 2])
    #expect(scale.scale == [1 / 35.0.squareRoot(), 1 / 5.0.squareRoot()])
  }

  @Test("only the given rows count, all rows are scaled")
  func trainingRows() throws {
    let matrix = DataMatrix(rows: 3, columns: 1, [2, 100, 4])
    let scale = fit(.unit, matrix, rows: [0, 2])
    #expect(scale == AffineScaling(shift: [2], scale: [0.5]))
    #expect(try scaled(scale, matrix) == [0, 49, 1])
  }

  @Test(
    "a constant column becomes 0, with any value and count of rows", arguments: Scaling.allCases)
  func constant(scaling: Scaling) throws {
    guard scaling != .none else { return }
    for value in [0, 0.1, -3e38, 1e-300, .leastNonzeroMagnitude] {
      for rows in [1, 3, 1000] {
        let matrix = DataMatrix(
          rows: rows, columns: 1, Array(repeating: value, count: rows))
        let scale = fit(scaling, matrix)
        #expect(scale == AffineScaling(shift: [value], scale: [1]))
        #expect(try scaled(scale, matrix).allSatisfy { $0 == 0 })
      }
    }
  }

  @Test("values that differ by the roundings of float64 alone are constant")
  func roundings() {
    let matrix = DataMatrix(rows: 2, columns: 1, [0.3, 0.1 + 0.2])
    #expect(fit(.standard, matrix) == AffineScaling(shift: [0.3], scale: [1]))
  }

  @Test("a column and the same with a constant added are one when standardized")
  func constants() throws {
    let column = (0..<100).map(Double.init)
    let expected = try scaled(
      fit(.standard, DataMatrix(rows: 100, columns: 1, column)),
      DataMatrix(rows: 100, columns: 1, column))
    for constant in [1_700_000_000, -1e12, 1e15] {
      let matrix = DataMatrix(rows: 100, columns: 1, column.map { $0 + constant })
      #expect(try scaled(fit(.standard, matrix), matrix) == expected)
    }
    #expect(Set(expected).count == 100)
  }

  @Test("a mean of a million with deviation 1 keeps its digits")
  func accuracy() throws {
    let matrix = DataMatrix(
      rows: 1000, columns: 1, (0..<1000).map { 1e6 + Double($0 % 2) * 2 })
    let scale = try #require(fit(.standard, matrix))
    #expect(scale.shift == [1_000_001] && scale.scale == [1])
  }

  @Test(
    "a unit in which float32 or a square has no room makes no difference",
    arguments: [1e-300, 1e39, 1e300])
  func units(unit: Double) throws {
    let column: [Double] = [1, 2, 3, 6]
    let matrix = DataMatrix(rows: 4, columns: 1, column.map { $0 * unit })
    let expected = try scaled(
      fit(.standard, DataMatrix(rows: 4, columns: 1, column)),
      DataMatrix(rows: 4, columns: 1, column))
    for (value, wanted) in zip(try scaled(fit(.standard, matrix), matrix), expected) {
      #expect(abs(value - wanted) < 1e-6)
    }
  }

  @Test("undoing takes values back, in float64")
  func undo() {
    let scale = AffineScaling(shift: [1e9, 3], scale: [0.25, 2])
    let undone = scale.undone(Matrix(rows: 2, columns: 2, [0.25, 1, -0.5, -3]))
    #expect(undone == DoubleMatrix(rows: 2, columns: 2, [1_000_000_001, 3.5, 999_999_998, 1.5]))
  }

  @Test("a row so far from the training part that float32 does not hold it is refused")
  func ranges() throws {
    let far = DataMatrix(rows: 3, columns: 2, [0, 0, 1, 1e-6, 0, 3e38])
    var data = data(far)
    let scaling = fit(.unit, far, rows: [0, 1])
    let error = datasetError { () throws(DatasetError) in
      try data.scale(inputs: scaling, targets: nil)
    }
    #expect(
      error?.description
        == "d.csv, column 1 (counted from 0): the value of sample 3 is too large for 32-bit numbers; "
        + "correct it, scale the column, use another unit or remove the column")
    let wide = DataMatrix(rows: 2, columns: 1, [-3e38, 3e38])
    #expect(try scaled(fit(.unit, wide), wide) == [0, 1])
  }

  @Test(
    "a column that reaches over nearly all of float64 is refused for its values",
    arguments: [Scaling.unit, .standard])
  func whole(scaling: Scaling) throws {
    let wide = DataMatrix(rows: 3, columns: 2, [0, 1.57e308, 1, 0, 2, -1.57e308])
    let scale = try #require(fit(scaling, wide))
    #expect(scale.shift[1] == 0 && scale.scale[1] == 1)
    var data = data(wide)
    let error = datasetError { () throws(DatasetError) in
      try data.scale(inputs: scale, targets: nil)
    }
    #expect(
      error?.description.hasPrefix(
        "d.csv, column 1 (counted from 0): the value of sample 1 is too large for 32-bit numbers; ")
        == true)
  }

  @Test("a spread too small to be inverted counts as constant")
  func tiny() {
    let matrix = DataMatrix(rows: 2, columns: 1, [0, 16 * Double.leastNonzeroMagnitude])
    #expect(fit(.unit, matrix) == AffineScaling(shift: [0], scale: [1]))
  }

  @Test("shifts and scales from a file are checked")
  func checked() {
    #expect(AffineScaling(validating: [1], scale: [2]) != nil)
    #expect(AffineScaling(validating: [], scale: []) != nil)
    #expect(AffineScaling(validating: [1], scale: []) == nil)
    #expect(AffineScaling(validating: [1], scale: [0]) == nil)
    #expect(AffineScaling(validating: [.nan], scale: [1]) == nil)
    #expect(AffineScaling(validating: [1], scale: [.infinity]) == nil)
  }
}
