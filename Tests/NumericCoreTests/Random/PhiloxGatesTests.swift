import NumericCore
import Testing

@Suite("Random gates")
struct PhiloxGatesTests {
  /// Gates as a picture, a line a row: # is open.
  private static func picture(
    rows: Int, columns: Range<Int>, rate: Double, seed: UInt64, index: UInt64
  ) -> [String] {
    gates(rows: rows, columns: columns, rate: rate, seed: seed, index: index).map { row in
      String(row.map { $0 == 0 ? "." : "#" })
    }
  }

  private static func gates(
    rows: Int, columns: Range<Int>, rate: Double, seed: UInt64, index: UInt64
  ) -> [[Float]] {
    // Two more behind a row, which stay as they are.
    let stride = columns.count + 2
    var values = [Float](repeating: -1, count: rows * stride)
    values.withUnsafeMutableBufferPointer {
      Philox.fillGates(
        $0.baseAddress!, rows: rows, columns: columns, stride: stride, rate: rate, seed: seed,
        purpose: .dropout, index: index)
    }
    return (0..<rows).map { row in
      #expect(values[row * stride + columns.count] == -1)
      return Array(values[row * stride..<row * stride + columns.count])
    }
  }

  // Made by a Philox4x32-10 in Python 3 of its own, which gives Random123's first known answer: word c of the
  // block with the counter (row, 12, index | column / 4, index >> 32), c = column % 4, against rate · 2^32.
  @Test("Which gates are open is what Philox says of row and column")
  func golden() {
    #expect(
      Self.picture(
        rows: 3, columns: 0..<16, rate: 0.3, seed: 42, index: (3 << 10 | 1) << 18)
        == ["..###.##.##.##.#", "..#.#.#####.####", "######..#...##.#"])
    #expect(
      Self.picture(
        rows: 2, columns: 16..<32, rate: 0.75, seed: 0x0123_4567_89ab_cdef,
        index: ((1 << 36 - 1) << 10 | 1000) << 18)
        == ["#....#....#..#.#", "###.##...#.#...."])
    #expect(
      Self.picture(
        rows: 2, columns: (1 << 20 - 16)..<(1 << 20), rate: 0.5, seed: 9, index: 0)
        == ["###.#.#...#.....", "#.#.##.##.#.###."])
  }

  @Test("What is written with a gate does not matter")
  func blocks() {
    let all = Self.gates(rows: 5, columns: 0..<32, rate: 0.4, seed: 1, index: 1 << 18)
    for columns in [0..<4, 4..<12, 16..<32] {
      let some = Self.gates(rows: 3, columns: columns, rate: 0.4, seed: 1, index: 1 << 18)
      #expect(some == all[..<3].map { Array($0[columns]) })
    }
  }

  @Test("Open gates are 1 / (1 − rate), about 1 − rate of all", arguments: [0, 0.1, 0.5, 0.9])
  func share(rate: Double) {
    let count = 40_000
    let gates = Self.gates(rows: 40, columns: 0..<1000, rate: rate, seed: 5, index: 0).joined()
    let open = gates.filter { $0 != 0 }
    #expect(open.allSatisfy { $0 == Float(1 / (1 - rate)) })
    // Five standard errors of a share.
    let error = (rate * (1 - rate) / Double(count)).squareRoot()
    #expect(abs(Double(open.count) / Double(count) - (1 - rate)) <= 5 * error)
  }
}
