/// Which weights of a matrix are kept: one bit a weight, row-major, lowest bit first.
///
/// A mask is data of its own. It is never inferred from zeros: a live weight may be 0.
package struct Mask: Sendable, Equatable {
  package let rows: Int
  package let columns: Int
  /// Bits in 64-bit words; bits behind the last weight are 0.
  package private(set) var words: [UInt64]
  /// Number of weights kept.
  package private(set) var keptCount: Int

  /// A mask that keeps every weight.
  package init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "mask sizes are not negative")
    self.rows = rows
    self.columns = columns
    keptCount = rows * columns
    words = Array(repeating: .max, count: (keptCount + 63) / 64)
    if keptCount & 63 != 0 { words[words.count - 1] = (1 << UInt64(keptCount & 63)) - 1 }
  }

  /// A mask from its packed bytes (8 weights a byte, lowest bit first), or nil when their number is
  /// not ⌈rows · columns / 8⌉ or a bit behind the last weight is set.
  package init?(rows: Int, columns: Int, bytes: [UInt8]) {
    guard rows >= 0, columns >= 0 else { return nil }
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, bytes.count == count / 8 + (count % 8 == 0 ? 0 : 1) else { return nil }
    self.rows = rows
    self.columns = columns
    words = Array(repeating: 0, count: (bytes.count + 7) / 8)
    for (i, byte) in bytes.enumerated() { words[i >> 3] |= UInt64(byte) << UInt64((i & 7) * 8) }
    if count & 63 != 0, words[words.count - 1] >> UInt64(count & 63) != 0 { return nil }
    keptCount = words.reduce(0) { $0 + $1.nonzeroBitCount }
  }

  /// Number of weights covered, kept or not.
  package var count: Int { rows * columns }

  /// The packed bytes that `init(rows:columns:bytes:)` reads.
  package var bytes: [UInt8] {
    (0..<((count + 7) / 8)).map {
      UInt8(truncatingIfNeeded: words[$0 >> 3] >> UInt64(($0 & 7) * 8))
    }
  }

  /// Whether weight `index` (row-major) is kept.
  package subscript(index: Int) -> Bool {
    precondition(index >= 0 && index < count)
    return words[index >> 6] >> UInt64(index & 63) & 1 == 1
  }

  /// Removes weight `index` (row-major); removing it again changes nothing.
  package mutating func remove(_ index: Int) {
    precondition(index >= 0 && index < count)
    let bit = UInt64(1) << UInt64(index & 63)
    if words[index >> 6] & bit != 0 { keptCount -= 1 }
    words[index >> 6] &= ~bit
  }

  /// Removes the weights `indices`, row-major; quickest in ascending order.
  package mutating func remove(_ indices: [Int]) {
    let count = count
    var words = words
    // A word that is written for each of its weights would wait for itself.
    var (place, word) = (0, words.first ?? 0)
    for index in indices {
      precondition(index >= 0 && index < count)
      if index >> 6 != place {
        words[place] = word
        place = index >> 6
        word = words[place]
      }
      word &= ~(UInt64(1) << UInt64(index & 63))
    }
    if !words.isEmpty { words[place] = word }
    keptCount = words.reduce(0) { $0 + $1.nonzeroBitCount }
    self.words = words
  }

  /// Keeps weight `index` (row-major) again; inserting a kept one changes nothing.
  package mutating func insert(_ index: Int) {
    precondition(index >= 0 && index < count)
    let bit = UInt64(1) << UInt64(index & 63)
    if words[index >> 6] & bit == 0 { keptCount += 1 }
    words[index >> 6] |= bit
  }

  /// Indices of the kept weights, ascending.
  package var keptIndices: [Int] {
    var indices: [Int] = []
    indices.reserveCapacity(keptCount)
    for (position, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        indices.append(position << 6 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return indices
  }

  /// How many weights each row keeps.
  package var keptPerRow: [Int] {
    keptIndices.reduce(into: [Int](repeating: 0, count: rows)) { $0[$1 / columns] += 1 }
  }

  /// How many weights each column keeps.
  package var keptPerColumn: [Int] {
    keptIndices.reduce(into: [Int](repeating: 0, count: columns)) { $0[$1 % columns] += 1 }
  }

  /// Whether every weight that this mask keeps is kept by `other` too.
  package func isSubset(of other: Mask) -> Bool {
    rows == other.rows && columns == other.columns
      && zip(words, other.words).allSatisfy { $0 & ~$1 == 0 }
  }
}
