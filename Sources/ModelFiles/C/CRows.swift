/// How the rows of a layer's weights lie in constant memory: whole, or only those that are not 0 with
/// their places. Whatever takes fewest bytes.
///
/// A weight of 0 that is not pruned is left out like one that is: it adds nothing.
package struct CRows: Sendable, Equatable {
  /// Bytes of an unsigned number.
  package enum Width: Int, Sendable {
    case one = 1
    case two = 2

    /// Of the type.
    var type: String { self == .one ? "uint8_t" : "uint16_t" }
    /// The largest number.
    var largest: Int { self == .one ? 255 : 65_535 }

    /// The smaller one that holds `value`; nil where none does.
    init?(holding value: Int) {
      guard value <= Width.two.largest else { return nil }
      self = value <= Width.one.largest ? .one : .two
    }
  }

  /// Where the values stand.
  package enum Form: Sendable, Equatable {
    /// All of them, row by row.
    case dense
    /// A bit a place, lowest first, each row from a byte on; then the values.
    case mask
    /// How many a row has, and how far each stands behind the one before, the first behind the row's
    /// begin; then the values.
    case deltas(place: Width, count: Width)
  }

  package let rows: Int
  package let columns: Int
  package let form: Form
  /// Where the stored values stand in the matrix, row-major, in the order in which they are stored.
  package let indices: [Int]
  /// Values a row; empty where the form has no use for them.
  package let counts: [Int]
  /// The places as the form has them: bytes of bits, or distances.
  package let places: [Int]
  /// Bytes of values, places and counts.
  package let bytes: Int
  /// Weights that are not 0.
  package let live: Int

  /// - Parameters:
  ///   - isLive: whether a weight is not 0, row-major.
  ///   - valueBytes: of a stored weight.
  package init(rows: Int, columns: Int, isLive: [Bool], valueBytes: Int) {
    self.rows = rows
    self.columns = columns
    var kept: [Int] = []
    var counts = [Int](repeating: 0, count: rows)
    var deltas: [Int] = []
    for row in 0..<rows {
      var last = 0
      for column in 0..<columns where isLive[row * columns + column] {
        kept.append(row * columns + column)
        deltas.append(column - last)
        counts[row] += 1
        last = column
      }
    }
    live = kept.count
    let stride = (columns + 7) / 8
    var choices: [(form: Form, bytes: Int)] = [
      (.dense, valueBytes * rows * columns), (.mask, valueBytes * kept.count + rows * stride),
    ]
    if let place = Width(holding: deltas.max() ?? 0), let count = Width(holding: counts.max() ?? 0)
    {
      choices.append(
        (
          .deltas(place: place, count: count),
          (valueBytes + place.rawValue) * kept.count + rows * count.rawValue
        ))
    }
    // Of equals the first, which is faster or simpler.
    let choice = choices.dropFirst().reduce(choices[0]) { $1.bytes < $0.bytes ? $1 : $0 }
    (form, bytes) = choice
    switch form {
    case .dense:
      (indices, self.counts, places) = (Array(0..<(rows * columns)), [], [])
    case .mask:
      var bits = [Int](repeating: 0, count: rows * stride)
      for index in kept {
        let (row, column) = index.quotientAndRemainder(dividingBy: max(columns, 1))
        bits[row * stride + column / 8] |= 1 << (column % 8)
      }
      (indices, self.counts, places) = (kept, [], bits)
    case .deltas:
      (indices, self.counts, places) = (kept, counts, deltas)
    }
  }
}
