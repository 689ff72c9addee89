import Datasets
import NumericCore
import Testing

@Suite("Scaling")
struct ScalingTests {
  private func fit(
    _ scaling: Scaling, _ matrix: Matrix, rows: [Int32]? = nil
  ) throws -> ColumnScale? {
    try ColumnScale(
      scaling, fittedTo: matrix, rows: rows ?? (0..<matrix.rows).map { Int32($0) }, file: "d.csv")
  }

  private func scaled(_ scale: ColumnScale?, _ matrix: Matrix) throws -> [Float] {
    var copy = matrix
    try scale?.apply(to: &copy, file: "d.csv")
    return copy.elements
  }

  @Test("none leaves everything as it is")
  func none() throws {
    #expect(try fit(.none, Matrix(rows: 2, columns: 1, [1, 2])) == nil)
  }

  @Test("unit brings each column to 0…1, standard to mean 0 and deviation 1")
  func definitions() throws {
    let matrix = Matrix(rows: 4, columns: 2, [0, -1, 4, 1, 8, 3, 16, 5])
    #expect(try scaled(fit(.unit, matrix), matrix) == [0, 0, 0.25, 1 / 3, 0.5, 2 / 3, 1, 1])
    let scale = try #require(try fit(.standard, matrix))
    // Means 7 and 2; variances (49 + 9 + 1 + 81) / 4 = 35 and (9 + 1 + 1 + 9) / 4 = 5.
    #expect(scale.shift == [7, 2])
    #expect(scale.scale == [Float(1 / 35.0.squareRoot()), Float(1 / 5.0.squareRoot())])
  }

  @Test("only the given rows count, all rows are scaled")
  func trainingRows() throws {
    let matrix = Matrix(rows: 3, columns: 1, [2, 100, 4])
    let scale = try fit(.unit, matrix, rows: [0, 2])
    #expect(scale == ColumnScale(shift: [2], scale: [0.5]))
    #expect(try scaled(scale, matrix) == [0, 49, 1])
  }

  @Test(
    "a constant column becomes 0, with any value and count of rows", arguments: Scaling.allCases)
  func constant(scaling: Scaling) throws {
    guard scaling != .none else { return }
    for value in [0, 0.1, -3e38, .leastNonzeroMagnitude] as [Float] {
      for rows in [1, 3, 1000] {
        let matrix = Matrix(rows: rows, columns: 1, repeating: value)
        let scale = try fit(scaling, matrix)
        #expect(scale == ColumnScale(shift: [value], scale: [1]))
        #expect(try scaled(scale, matrix).allSatisfy { $0 == 0 })
      }
    }
  }

  @Test("a mean of a million with deviation 1 keeps its digits")
  func accuracy() throws {
    let matrix = Matrix(rows: 1000, columns: 1, (0..<1000).map { 1e6 + Float($0 % 2) * 2 })
    let scale = try #require(try fit(.standard, matrix))
    #expect(scale.shift == [1_000_001] && scale.scale == [1])
  }

  @Test("undo takes values back")
  func undo() throws {
    let matrix = Matrix(rows: 3, columns: 2, [1, 10, 2, 30, 4, -5])
    let scale = try #require(try fit(.standard, matrix))
    var copy = matrix
    try scale.apply(to: &copy, file: "d.csv")
    scale.undo(on: &copy)
    // Two roundings each way, of values up to 30: a few units of 2^-24.
    for (a, b) in zip(copy.elements, matrix.elements) { #expect(abs(a - b) < 1e-5) }
  }

  @Test("columns that spread over all of Float32 are refused, at fitting or at another row")
  func ranges() throws {
    let message =
      "d.csv, column 1 (counted from 0): the values spread too far to be scaled in 32 bits; "
      + "use another unit or remove the column"
    let wide = Matrix(rows: 2, columns: 2, [0, -3e38, 1, 3e38])
    for scaling in [Scaling.unit, .standard] {
      let error = datasetError { () throws(DatasetError) in
        try ColumnScale(scaling, fittedTo: wide, rows: [0, 1], file: "d.csv")
      }
      #expect(error?.description == message)
    }
    var far = Matrix(rows: 3, columns: 2, [0, 0, 1, 1e-6, 0, 3e38])
    let scale = try #require(try fit(.unit, far, rows: [0, 1]))
    let error = datasetError { () throws(DatasetError) in
      try scale.apply(to: &far, file: "d.csv")
    }
    #expect(error?.description == message)
  }

  @Test("a spread too small to be inverted counts as constant")
  func tiny() throws {
    let matrix = Matrix(rows: 2, columns: 1, [0, .leastNonzeroMagnitude])
    #expect(try fit(.unit, matrix) == ColumnScale(shift: [0], scale: [1]))
  }

  @Test("shifts and scales from a file are checked")
  func checked() {
    #expect(ColumnScale(shift: [1], scale: [2]) != nil)
    #expect(ColumnScale(shift: [], scale: []) != nil)
    #expect(ColumnScale(shift: [1], scale: []) == nil)
    #expect(ColumnScale(shift: [1], scale: [0]) == nil)
    #expect(ColumnScale(shift: [.nan], scale: [1]) == nil)
    #expect(ColumnScale(shift: [1], scale: [.infinity]) == nil)
  }
}
