import ModelFiles
import Testing

@Suite("Rows of weights in C sources") struct CRowsTests {
  /// The places of values, read back from what is stored.
  private func places(_ rows: CRows) -> [Int] {
    switch rows.form {
    case .dense: return Array(0..<(rows.rows * rows.columns))
    case .mask:
      let stride = (rows.columns + 7) / 8
      return (0..<(rows.rows * rows.columns)).filter { index in
        let (row, column) = index.quotientAndRemainder(dividingBy: rows.columns)
        return rows.places[row * stride + column / 8] >> (column % 8) & 1 == 1
      }
    case .deltas:
      var found: [Int] = []
      var next = 0
      for (row, count) in rows.counts.enumerated() {
        var column = 0
        for _ in 0..<count {
          column += rows.places[next]
          found.append(row * rows.columns + column)
          next += 1
        }
      }
      return found
    }
  }

  private typealias Shape = (
    rows: Int, columns: Int, density: Double, form: CRows.Form, bytes: Int?
  )

  private static let shapes: [Shape] = [
    (1, 1, 1, .dense, 4), (3, 5, 1, .dense, 60), (3, 5, 0, .mask, 3),
    (4, 100, 0, .deltas(place: .one, count: .one), 4),
    (4, 600, 0.01, .deltas(place: .two, count: .one), nil),
    (300, 64, 0.03, .deltas(place: .one, count: .one), nil), (10, 100, 0.2, .mask, nil),
    (2, 2_000, 0.18, .mask, nil), (5, 6_000, 0.06, .deltas(place: .one, count: .two), nil),
  ]

  @Test("take the fewest bytes, and are found again", arguments: shapes.indices)
  func forms(index: Int) {
    let (rows, columns, density, form, bytes) = Self.shapes[index]
    var draws = Draws(seed: UInt64(rows * columns))
    let isLive = (0..<(rows * columns)).map { _ in
      Double(draws.float() + 1) / 2 < density
    }
    let stored = CRows(rows: rows, columns: columns, isLive: isLive, valueBytes: 4)
    #expect(stored.form == form)
    if let bytes { #expect(stored.bytes == bytes) }
    let live = isLive.indices.filter { isLive[$0] }
    #expect(stored.live == live.count)
    #expect(places(stored) == stored.indices)
    #expect(form == .dense || stored.indices == live)
  }

  @Test("count bytes by hand")
  func bytes() {
    // 1 at columns 0, 300 and 301 of 400 in two rows: no step of 8 bits, a mask of 50 bytes a row.
    let isLive = (0..<800).map { [0, 300, 301].contains($0 % 400) }
    let rows = CRows(rows: 2, columns: 400, isLive: isLive, valueBytes: 1)
    #expect(rows.form == .deltas(place: .two, count: .one))
    #expect(rows.bytes == 6 + 12 + 2)
    #expect(rows.places == [0, 300, 1, 0, 300, 1] && rows.counts == [3, 3])
  }

  @Test("bytes of weights need a mask earlier than floats do")
  func valueBytes() {
    let isLive = (0..<1_000).map { $0 % 2 == 0 }
    func form(_ valueBytes: Int) -> CRows {
      CRows(rows: 10, columns: 100, isLive: isLive, valueBytes: valueBytes)
    }
    #expect(form(4).form == .mask && form(4).bytes == 2_000 + 130)
    #expect(form(1).form == .mask && form(1).bytes == 500 + 130)
  }
}
