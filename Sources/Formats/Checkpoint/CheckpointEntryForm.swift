/// How the content of an entry is laid out before compression.
package enum EntryEncoding: String, Sendable {
  /// One bit a weight, row-major, lowest bit of a byte first; bits behind the last weight are 0.
  case bits
  /// Float32, bytes grouped by significance: the lowest byte of every value, then the next …
  ///
  /// Exponents are alike and compress, low mantissa bytes are noise; apart, each gets a code of its
  /// own. In numpy: `frombuffer(content, 'u1').reshape(4, -1).T.copy().view('<f4')`.
  case bytePlanes = "byte_planes"
  /// A JSON document in UTF-8.
  case json

  /// The type of the decoded elements.
  package var type: SafetensorsType {
    switch self {
    case .bits: .bool
    case .bytePlanes: .f32
    case .json: .u8
    }
  }

  /// Parts of equal size that are compressed with tables of their own.
  var groups: Int {
    switch self {
    case .bytePlanes: 4
    case .bits, .json: 1
    }
  }
}

/// What one entry of a checkpoint holds.
package struct CheckpointEntryForm: Sendable, Equatable {
  /// `hidden1.weight.values`, and for one piece of a large tensor `hidden1.weight.values.0`.
  package let name: String
  /// How the content is laid out.
  package let encoding: EntryEncoding
  /// Of the decoded elements: a whole matrix's [outputs, inputs], otherwise their number.
  package let shape: [Int]

  /// Elements of one piece: values of 4 MiB, masks of 128 KiB.
  ///
  /// Tensors with more are split, by size alone, so that entries compress in parallel into the same
  /// bytes for any number of threads.
  package static let pieceSize = 1 << 20

  /// A form as encoder and decoder plan it, or as a file claims it.
  package init(name: String, encoding: EntryEncoding, shape: [Int]) {
    self.name = name
    self.encoding = encoding
    self.shape = shape
  }

  /// Bytes of the decoded content; nil when a number read from a file cannot be true.
  package var byteCount: Int? {
    guard let bytes = encoding.type.byteCount(shape: shape) else { return nil }
    return encoding == .bits ? bytes / 8 + (bytes % 8 == 0 ? 0 : 1) : bytes
  }

  /// The pieces of a tensor of `shape`: the tensor itself where it has at most `pieceSize` elements.
  /// Lazy, because a shape may come from a file.
  static func pieces(
    of name: String, encoding: EntryEncoding, shape: [Int]
  ) -> LazyMapSequence<Range<Int>, Piece> {
    let count = shape.reduce(1, *)
    let pieces = count <= pieceSize ? 1 : (count - 1) / pieceSize + 1
    return (0..<pieces).lazy.map { index in
      let start = index * pieceSize
      let range = start..<min(start + pieceSize, count)
      return Piece(
        form: CheckpointEntryForm(
          name: pieces == 1 ? name : "\(name).\(index)", encoding: encoding,
          shape: pieces == 1 ? shape : [range.count]),
        range: range)
    }
  }

  /// A part of a tensor that is an entry of its own.
  struct Piece {
    /// What the entry holds.
    let form: CheckpointEntryForm
    /// The elements of the tensor that it holds.
    let range: Range<Int>
  }
}
