/// Float64 values as little-endian bytes (`EntryEncoding.float64`).
enum Float64Values {
  /// The bytes of `values`, or of their bits' exclusive or with those of `base`.
  static func pack(_ values: ArraySlice<Double>, over base: ArraySlice<Double>? = nil) -> [UInt8] {
    combined(values.map(\.bitPattern), base).flatMap { bits in
      (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
    }
  }

  /// The values whose bytes `bytes` are, combined with `base` as in `pack`.
  static func unpack(_ bytes: [UInt8], over base: ArraySlice<Double>? = nil) -> [Double] {
    precondition(bytes.count % 8 == 0, "eight bytes a value")
    let words = stride(from: 0, to: bytes.count, by: 8).map { start in
      bytes[start..<(start + 8)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    return combined(words, base).map { Double(bitPattern: $0) }
  }

  private static func combined(_ words: [UInt64], _ base: ArraySlice<Double>?) -> [UInt64] {
    guard let base else { return words }
    precondition(base.count == words.count, "a value of the base for each")
    return zip(words, base).map { $0 ^ $1.bitPattern }
  }
}
