/// How the content of an entry is laid out before compression.
package enum EntryEncoding: String, Sendable {
  /// One bit a weight, row-major, lowest bit of a byte first; bits behind the last weight are 0.
  case bits
  /// Which weights of a row-major order are kept, as the gaps between them: a byte for each, with a
  /// 255 before it for every 255 weights more (`MaskCoding`).
  case gaps
  /// The same with the gaps between those that are removed.
  case removedGaps = "removed_gaps"
  /// Float32, bytes grouped by significance: the lowest byte of every value, then the next …
  ///
  /// Exponents are alike and compress, low mantissa bytes are noise; apart, each gets a code of its
  /// own. In numpy: `frombuffer(content, 'u1').reshape(4, -1).T.copy().view('<f4')`.
  case bytePlanes = "byte_planes"
  /// Float64, little-endian.
  case float64
  /// A JSON document in UTF-8.
  case json

  /// The type of the decoded elements.
  package var type: SafetensorsType {
    switch self {
    case .bits, .gaps, .removedGaps: .bool
    case .bytePlanes: .f32
    case .float64: .f64
    case .json: .u8
    }
  }

  /// Parts of equal size that are compressed with tables of their own.
  var groups: Int {
    switch self {
    case .bytePlanes: 4
    case .bits, .gaps, .removedGaps, .float64, .json: 1
    }
  }

  /// Whether the number of bytes does not follow from the shape.
  var hasOwnLength: Bool { self == .gaps || self == .removedGaps }
}

/// What one entry of a checkpoint holds.
package struct CheckpointEntryForm: Sendable, Equatable {
  /// `hidden1.weight.values`, and for one piece of a large tensor `hidden1.weight.values.0`.
  package let name: String
  /// How the content is laid out.
  package let encoding: EntryEncoding
  /// Of the decoded elements: a whole matrix's [outputs, inputs], otherwise their number.
  package let shape: [Int]
  /// Whether the content tells a difference from the checkpoint's base: bits for the weights that
  /// are kept there, or values whose bits are combined with those there by exclusive or.
  package let isRelative: Bool
  /// Bytes of the decompressed content.
  package let byteCount: Int

  /// A form of which the length follows from the shape.
  /// - Returns: nil when numbers read from a file cannot be true, or the encoding has a length of its
  ///   own.
  package init?(name: String, encoding: EntryEncoding, shape: [Int], isRelative: Bool = false) {
    guard !encoding.hasOwnLength, let bytes = Self.byteCount(encoding, shape) else { return nil }
    self.init(
      name: name, encoding: encoding, shape: shape, isRelative: isRelative, uncheckedBytes: bytes)
  }

  /// A form with its length.
  /// - Returns: nil when numbers read from a file cannot be true.
  package init?(
    name: String, encoding: EntryEncoding, shape: [Int], isRelative: Bool, byteCount: Int
  ) {
    guard let most = Self.byteCount(encoding, shape), byteCount >= 0,
      encoding.hasOwnLength ? byteCount / 9 <= most : byteCount == most
    else { return nil }
    self.init(
      name: name, encoding: encoding, shape: shape, isRelative: isRelative,
      uncheckedBytes: byteCount)
  }

  private init(
    name: String, encoding: EntryEncoding, shape: [Int], isRelative: Bool, uncheckedBytes: Int
  ) {
    self.name = name
    self.encoding = encoding
    self.shape = shape
    self.isRelative = isRelative
    byteCount = uncheckedBytes
  }

  /// Bytes of elements of `shape`, packed for bits; nil beyond Int.
  private static func byteCount(_ encoding: EntryEncoding, _ shape: [Int]) -> Int? {
    guard let bytes = encoding.type.byteCount(shape: shape) else { return nil }
    return encoding.type == .bool ? bytes / 8 + (bytes % 8 == 0 ? 0 : 1) : bytes
  }
}
