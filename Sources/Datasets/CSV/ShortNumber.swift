/// A number of sixteen bytes at most with what ends its field: a sign or none, digits, a fraction or none, and no
/// exponent. Most numbers of tables are such.
///
/// What it is made of is found in two words of eight bytes without asking byte by byte, and without branches that
/// depend on how long a number is (Lemire, Number parsing at a gigabyte per second, Software: Practice and Experience
/// 2021).
struct ShortNumber {
  /// What ends fields, and what stands between whole and fraction: the byte, eight times.
  struct Signs {
    let delimiters: UInt64
    let points: UInt64

    init(delimiter: UInt8, decimal: UInt8) {
      delimiters = UInt64(delimiter) &* 0x0101_0101_0101_0101
      points = UInt64(decimal) &* 0x0101_0101_0101_0101
    }
  }

  /// The Double nearest to the number that is written.
  let value: Double
  /// Bytes of its field, without what ends it.
  let length: Int

  /// Bytes of two words.
  private static let bytes = 16

  /// Nil where the field from `start` on is another one, or ends with the line.
  ///
  /// - Parameter powers: 10^0 to 10^15 at least, each exactly.
  /// - Precondition: `start` is no place before `text`.
  @inline(__always)
  init?(_ text: RawSpan, at start: Int, _ signs: Signs, powers: Span<Double>) {
    guard start &+ Self.bytes <= text.byteCount else { return nil }
    var low = Self.word(text, start)
    var high = Self.word(text, start &+ 8)
    let inLow = Self.firstByte(of: signs.delimiters, in: low)
    let inHigh = Self.firstByte(of: signs.delimiters, in: high)
    // Those of the second word count where the first one has none.
    length = inLow &+ (inHigh & (0 &- (inLow &>> 3)))
    guard length < Self.bytes else { return nil }

    let isNegative: UInt64 = low & 0xff == UInt64(UInt8(ascii: "-")) ? 1 : 0
    low = (low &>> (8 &* isNegative)) | (high &<< 56) & (0 &- isNegative)
    high = high &>> (8 &* isNegative)
    var digits = length &- Int(truncatingIfNeeded: isNegative)
    let whole = Self.firstByte(of: signs.points, in: low)
    var fraction = 0
    if whole < digits, whole < 8 {
      let below: UInt64 = (1 &<< UInt64(8 &* whole)) &- 1
      low = (low & below) | ((low &>> 8) | (high &<< 56)) & ~below
      high = high &>> 8
      digits = digits &- 1
      fraction = digits &- whole
    }
    guard digits > 0 else { return nil }

    let number: UInt64
    let others: UInt64
    if digits <= 8 {
      let first = Self.digits(low, digits)
      (number, others) = (DigitWord.value(ofDigits: first), Self.others(first))
    } else {
      let first = Self.digits(low, 8)
      let second = Self.digits(high, digits &- 8)
      others = Self.others(first) | Self.others(second)
      number =
        DigitWord.value(ofDigits: first) &* UInt64(powers[unchecked: digits &- 8])
        &+ DigitWord.value(ofDigits: second)
    }
    guard others == 0 else { return nil }
    // At most 15 digits and a power of at most 10^15: both are Doubles, so the quotient is rounded once.
    let magnitude = Double(Int64(bitPattern: number)) / powers[unchecked: fraction]
    value = Double(bitPattern: magnitude.bitPattern | isNegative &<< 63)
  }

  @inline(__always)
  private static func word(_ text: RawSpan, _ place: Int) -> UInt64 {
    UInt64(littleEndian: text.unsafeLoadUnaligned(fromUncheckedByteOffset: place, as: UInt64.self))
  }

  /// Where in `word` the byte stands that `bytes` repeats; 8 for nowhere.
  @inline(__always)
  private static func firstByte(of bytes: UInt64, in word: UInt64) -> Int {
    let difference = word ^ bytes
    // The lowest bit that is set is that of the first such byte; others may be wrong.
    let marks = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
    return marks.trailingZeroBitCount &>> 3
  }

  /// The first `count` bytes of `word` less `0`, at least one, behind others that are 0: the first digit has the
  /// lowest address, and the highest value.
  @inline(__always)
  private static func digits(_ word: UInt64, _ count: Int) -> UInt64 {
    (word ^ 0x3030_3030_3030_3030) &<< UInt64(64 &- 8 &* count)
  }

  /// The highest bit of every byte that is no digit; of the bytes before one of these it may be wrong.
  @inline(__always)
  private static func others(_ bytes: UInt64) -> UInt64 {
    ((bytes &+ 0x7676_7676_7676_7676) | bytes) & 0x8080_8080_8080_8080
  }
}
