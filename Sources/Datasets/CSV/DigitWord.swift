/// Eight bytes of a text, of which the first ones are digits: three products make a number of them (Lemire, Number
/// parsing at a gigabyte per second, Software: Practice and Experience 2021).
struct DigitWord {
  /// Each byte less `0`; the first one is the lowest.
  private let bytes: UInt64
  /// The highest bit of every byte that is no digit.
  private let others: UInt64

  /// - Precondition: there are eight bytes from `place` on.
  @inline(__always)
  init(_ text: RawSpan, at place: Int) {
    let word = text.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
    self.init(UInt64(littleEndian: word) ^ 0x3030_3030_3030_3030)
  }

  @inline(__always)
  private init(_ bytes: UInt64) {
    self.bytes = bytes
    others =
      (((bytes & 0x7f7f_7f7f_7f7f_7f7f) &+ 0x7676_7676_7676_7676) | bytes)
      & 0x8080_8080_8080_8080
  }

  /// How many of the first bytes are digits.
  @inline(__always)
  var count: Int { others.trailingZeroBitCount >> 3 }

  /// The number that these make, where there is one at least.
  @inline(__always)
  var value: UInt64 {
    // The first digit has the lowest address, and the highest value.
    Self.value(ofDigits: bytes &<< UInt64(64 &- 8 &* count))
  }

  /// The number that eight bytes below 10 make.
  @inline(__always)
  static func value(ofDigits bytes: UInt64) -> UInt64 {
    var value = (bytes &* 2561) >> 8
    value = ((value & 0x00ff_00ff_00ff_00ff) &* 6_553_601) >> 16
    return ((value & 0x0000_ffff_0000_ffff) &* 42_949_672_960_001) >> 32
  }

  /// The same without byte number `place`; behind the last one follows none that is a digit.
  @inline(__always)
  func withoutByte(_ place: Int) -> DigitWord {
    let below: UInt64 = (1 &<< UInt64(8 &* place)) &- 1
    return DigitWord(bytes & below | (bytes >> 8) & ~below | 0x8000_0000_0000_0000)
  }
}
