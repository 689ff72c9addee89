import Engine

/// Masks of some units of a first layer as text, for pages.
package enum FieldPictures {
  /// Units that are shown.
  static let most = 6

  /// The units of `mask` that read most, the most first.
  static func units(of mask: Mask) -> [Int] {
    let counts = mask.keptPerRow
    return Array(
      counts.indices.filter { counts[$0] > 0 }.sorted {
        counts[$0] == counts[$1] ? $0 < $1 : counts[$0] > counts[$1]
      }.prefix(most))
  }

  /// Which inputs row `unit` keeps.
  static func row(_ unit: Int, of mask: Mask) -> [Bool] {
    (0..<mask.columns).map { mask[unit * mask.columns + $0] }
  }

  /// Bits in hexadecimal, four a digit, the lowest first.
  package static func text(of bits: [Bool]) -> String {
    stride(from: 0, to: bits.count, by: 4).map { start in
      let value = (start..<min(start + 4, bits.count)).reduce(0) {
        $0 | (bits[$1] ? 1 << ($1 - start) : 0)
      }
      return String(value, radix: 16)
    }.joined()
  }

  /// The `count` bits that `text` wrote; nil where it is no such text.
  package static func bits(_ text: String, count: Int) -> [Bool]? {
    let digits = text.map(\.hexDigitValue)
    guard digits.count == (count + 3) / 4 else { return nil }
    var bits: [Bool] = []
    for digit in digits {
      guard let digit else { return nil }
      bits += (0..<4).map { digit >> $0 & 1 == 1 }
    }
    guard !bits.dropFirst(count).contains(true) else { return nil }
    return Array(bits.prefix(count))
  }
}
