/// How many values of a column differ, and how many of them still do in float32.
struct ValueCount {
  private let values: ArraySlice<Double>
  private let shift: Double
  private let scale: Double

  init(_ values: ArraySlice<Double>, shift: Double, scale: Double) {
    self.values = values
    self.shift = shift
    self.scale = scale
  }

  /// Whether float32 may hold the values too coarsely; where not, it certainly does not.
  ///
  /// `ColumnPrecision` lets a value count as the one before where roundings of float64 tell them apart. By that it
  /// can miss at most half of the values of float32, each with a value of float64, so it finds half of all values
  /// lost only where there are one and a half times as many in float64.
  /// - Parameter tolerance: part of the range that two values of one float may be apart.
  func mayBeCoarse(_ tolerance: Double) -> Bool {
    var (least, most) = (Double.infinity, -Double.infinity)
    for value in values {
      least = min(least, value)
      most = max(most, value)
    }
    let largest = Float(max(abs((least - shift) * scale), abs((most - shift) * scale)))
    let step = 2 * Double(largest.ulp) / abs(scale)
    guard step <= tolerance * (most - least) else { return true }
    var narrow = DistinctWords<UInt32>(values.count)
    for value in values {
      // A sum with 0 is no negative zero.
      narrow.insert((Float((value - shift) * scale) + 0).bitPattern)
      // Of float64 there are no more than there are values.
      if 2 * values.count < 3 * narrow.count { return false }
    }
    var wide = DistinctWords<UInt64>(values.count)
    for value in values { wide.insert((value + 0).bitPattern) }
    return 2 * wide.count >= 3 * narrow.count
  }
}

/// Counts words that differ, in a table of twice as many places (linear probing, multiplicative hashing: Knuth, The
/// Art of Computer Programming, 6.4).
private struct DistinctWords<Word: FixedWidthInteger & UnsignedInteger> {
  private(set) var count = 0
  /// 0 where nothing is.
  private var places: [Word]
  private var hasZero = false
  private let shift: UInt64

  /// Room for `most` words.
  init(_ most: Int) {
    let bits = max(4, Int.bitWidth - (2 * most).leadingZeroBitCount)
    places = [Word](repeating: 0, count: 1 << bits)
    shift = UInt64(64 - bits)
  }

  mutating func insert(_ word: Word) {
    if word == 0 {
      count += hasZero ? 0 : 1
      hasZero = true
      return
    }
    var place = Int(truncatingIfNeeded: (UInt64(word) &* 0x9e37_79b9_7f4a_7c15) >> shift)
    while places[place] != 0 {
      if places[place] == word { return }
      place = place + 1 == places.count ? 0 : place + 1
    }
    places[place] = word
    count += 1
  }
}

extension DataMatrix {
  /// The elements of some rows and columns, column by column.
  func elements(ofRows rows: [Int], columns wanted: Range<Int>) -> [Double] {
    var result = [Double](repeating: 0, count: rows.count * wanted.count)
    switch self {
    case .float32(let matrix):
      matrix.withSpan { Self.copy(rows, wanted, of: $0, columns, to: &result) }
    case .float64(let matrix):
      Self.copy(rows, wanted, of: matrix.elements.span, columns, to: &result)
    case .stored(let matrix):
      var index = 0
      matrix.forEachRow(rows.map { Int32($0) }) { numbers in
        for column in wanted {
          result[(column - wanted.lowerBound) * rows.count + index] = numbers[column]
        }
        index += 1
      }
    }
    return result
  }

  private static func copy<Element: BinaryFloatingPoint>(
    _ rows: [Int], _ wanted: Range<Int>, of elements: Span<Element>, _ columns: Int,
    to result: inout [Double]
  ) {
    var target = result.mutableSpan
    let count = rows.count
    for (index, row) in rows.enumerated() {
      var (from, to) = (row * columns + wanted.lowerBound, index)
      for _ in 0..<wanted.count {
        target[to] = Double(elements[from])
        from &+= 1
        to &+= count
      }
    }
  }
}
