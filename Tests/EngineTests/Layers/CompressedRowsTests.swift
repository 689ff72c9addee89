import Engine
import TestSupport
import Testing

@Suite("CompressedRows")
struct CompressedRowsTests {
  @Test(
    "Rows and columns list exactly the survivors, in order",
    arguments: [(0, 0), (0, 3), (3, 0), (1, 1), (1, 130), (130, 1), (7, 9), (64, 64), (33, 101)],
    [0, 0.02, 0.5, 1])
  func places(shape: (rows: Int, columns: Int), density: Double) {
    let (rows, columns) = shape
    var generator = SeededGenerator(seed: 4)
    let words = ChainFixture.words(
      rows: rows, columns: columns, density: density, &generator)
    let compressed = CompressedRows(rows: rows, columns: columns, words: words)
    let kept = (0..<(rows * columns)).filter { ChainFixture.keeps(words, $0) }
    #expect(compressed.count == kept.count)
    #expect(compressed.starts.count == rows + 1)
    var listed: [Int] = []
    for row in 0..<rows {
      for place in Int(compressed.starts[row])..<Int(compressed.starts[row + 1]) {
        listed.append(row * columns + Int(compressed.indices[place]))
      }
    }
    #expect(listed == kept)

    let (turned, sources) = compressed.transposed
    #expect(turned.rows == columns && turned.columns == rows && turned.count == kept.count)
    var byColumn: [Int] = []
    for column in 0..<columns {
      for place in Int(turned.starts[column])..<Int(turned.starts[column + 1]) {
        let row = Int(turned.indices[place])
        byColumn.append(column * rows + row)
        #expect(kept[Int(sources[place])] == row * columns + column)
      }
    }
    #expect(byColumn == byColumn.sorted() && Set(byColumn).count == kept.count)
  }
}
