/// The two ways to write a row of bits down, such as a mask's: packed, or as the gaps between those
/// that are rare.
///
/// Gaps of a mask with few survivors are geometrically distributed bytes, which an entropy coder
/// brings to within a few per cent of the mask's entropy, Σ −p log₂ p; packed bits of the same mask
/// take half as much again, because no code of whole bytes has less than a bit for eight weights.
package enum MaskCoding {
  /// A gap byte that stands for that many bits without a marked one behind them.
  private static let goOn: UInt8 = 255

  /// The gaps of `bits` between those that equal `value`: for each of them the number of others
  /// before it since the last, in bytes of at most 254, with a 255 for every 255 more.
  package static func gaps(of bits: PackedBits, between value: Bool) -> [UInt8] {
    var gaps: [UInt8] = []
    var next = 0
    for (position, word) in bits.words.enumerated() {
      var rest = value ? word : ~word & bits.validBits(ofWord: position)
      while rest != 0 {
        let index = position << 6 + rest.trailingZeroBitCount
        var gap = index - next
        while gap >= Int(goOn) {
          gaps.append(goOn)
          gap -= Int(goOn)
        }
        gaps.append(UInt8(gap))
        next = index + 1
        rest &= rest - 1
      }
    }
    return gaps
  }

  /// The `count` bits whose gaps are `gaps`; nil where no bits have these.
  package static func bits(gaps: [UInt8], between value: Bool, count: Int) -> PackedBits? {
    var bits = PackedBits(repeating: !value, count: count)
    var next = 0
    for gap in gaps {
      // Both fit: `next` is at most `count`.
      guard Int(gap) < count - next || (gap == goOn && Int(gap) == count - next) else { return nil }
      next += Int(gap)
      if gap == goOn { continue }
      bits.set(next, to: value)
      next += 1
    }
    return gaps.last == goOn ? nil : bits
  }
}

/// A row of bits in 64-bit words, lowest first; bits behind the last one are 0.
package struct PackedBits: Equatable {
  /// As many words as it takes.
  package private(set) var words: [UInt64]
  /// Number of bits.
  package let count: Int

  /// `count` bits of one value.
  package init(repeating value: Bool, count: Int) {
    self.count = count
    words = Array(repeating: value ? .max : 0, count: count / 64 + (count % 64 == 0 ? 0 : 1))
    if value, !words.isEmpty { words[words.count - 1] = validBits(ofWord: words.count - 1) }
  }

  /// Bits `range` of `words`; the range starts with a word.
  init(_ words: [UInt64], range: Range<Int>) {
    precondition(range.lowerBound % 64 == 0, "pieces start with a word")
    let first = range.lowerBound / 64
    count = range.count
    self.words = Array(words[first..<(first + (count + 63) / 64)])
    if let last = self.words.indices.last { self.words[last] &= validBits(ofWord: last) }
  }

  /// Bits from packed bytes, lowest first; nil when their number is wrong or one behind the last bit
  /// is set.
  package init?(bytes: [UInt8], count: Int) {
    guard bytes.count == count / 8 + (count % 8 == 0 ? 0 : 1) else { return nil }
    self.init(repeating: false, count: count)
    for (i, byte) in bytes.enumerated() { words[i >> 3] |= UInt64(byte) << UInt64((i & 7) * 8) }
    if let last = words.indices.last, words[last] & ~validBits(ofWord: last) != 0 { return nil }
  }

  /// The packed bytes, lowest bit first.
  package var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: (count + 7) / 8) { buffer, initialized in
      for i in 0..<((count + 7) / 8) {
        buffer[i] = UInt8(truncatingIfNeeded: words[i >> 3] >> UInt64((i & 7) * 8))
      }
      initialized = (count + 7) / 8
    }
  }

  /// Number of bits that are 1.
  package var oneCount: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// Whether bit `index` is 1.
  package subscript(index: Int) -> Bool { words[index >> 6] >> UInt64(index & 63) & 1 == 1 }

  /// Changes bit `index`.
  package mutating func set(_ index: Int, to value: Bool) {
    let bit = UInt64(1) << UInt64(index & 63)
    if value { words[index >> 6] |= bit } else { words[index >> 6] &= ~bit }
  }

  /// The bits of word `position` that count.
  func validBits(ofWord position: Int) -> UInt64 {
    let bits = count - position << 6
    return bits >= 64 ? .max : (1 << UInt64(bits)) - 1
  }
}
