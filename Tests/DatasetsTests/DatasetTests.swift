import Datasets
import NumericCore
import Testing

@Suite("Dataset")
struct DatasetTests {
  @Test("targets know their rows, width and names")
  func targets() {
    let classes = Dataset.Targets.classes([0, 1, 1], names: ["a", "b"])
    #expect(classes.rows == 3 && classes.width == 2 && classes.classNames == ["a", "b"])
    let values = Dataset.Targets.values(.float32(Matrix(rows: 4, columns: 3)))
    #expect(values.rows == 4 && values.width == 3 && values.classNames == nil)
  }

  @Test("a part of all rows has each once, in order", arguments: [0, 1, 17])
  func wholePart(rows: Int) {
    let data = Dataset(
      inputs: .float32(Matrix(rows: rows, columns: 2)),
      targets: .values(.float32(Matrix(rows: rows, columns: 1))), source: "memory")
    #expect(DatasetPart(data).rows == (0..<rows).map { Int32($0) })
    #expect(DatasetPart(data).count == rows && data.rows == rows)
  }
}
