/// A walk over the bytes of an ONNX file before anything is made of them, so that what is made stays in
/// proportion: an empty message takes 2 bytes in the file and some hundred in memory.
struct ONNXWire {
  /// The messages whose fields count.
  private enum Kind {
    case model, graph, node, attribute, tensor, sparseTensor, valueInfo, type, tensorType, shape
    case dimension, entry, operatorSet

    /// What field `number` holds; nil for a number, a text, or what is not read.
    func child(_ number: UInt64) -> Kind? {
      switch (self, number) {
      case (.model, 7): .graph
      case (.model, 8): .operatorSet
      case (.model, 14), (.tensor, 13): .entry
      case (.graph, 1): .node
      case (.graph, 5), (.attribute, 5), (.sparseTensor, 1), (.sparseTensor, 2): .tensor
      case (.graph, 15): .sparseTensor
      case (.graph, 11), (.graph, 12): .valueInfo
      case (.node, 5): .attribute
      case (.valueInfo, 2): .type
      case (.type, 1): .tensorType
      case (.tensorType, 2): .shape
      case (.shape, 1): .dimension
      default: nil
      }
    }
  }

  /// The most fields of a file: far more than a network of the most layers has.
  static let mostFields = 200_000
  /// The most bytes of whole numbers that are packed, which take up to 8 bytes each in memory: those of
  /// shapes, and those of weights of 16 bits.
  private static let mostPacked = (long: 1 << 20, short: 1 << 26)

  private let bytes: [UInt8]
  private var position = 0
  private var fields = 0
  private var packed = (long: 0, short: 0)

  /// Checks the bytes of a file.
  /// - Throws: `ONNXError.damaged`, `.tooLarge`.
  static func check(_ bytes: [UInt8]) throws(ONNXError) {
    var wire = ONNXWire(bytes: bytes)
    try wire.walk(.model, until: bytes.count)
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func walk(_ kind: Kind, until end: Int) throws(ONNXError) {
    while position < end {
      fields += 1
      guard fields <= Self.mostFields else {
        throw .tooLarge("the file has more than \(Self.mostFields) fields")
      }
      let tag = try number(until: end)
      switch tag & 7 {
      case 0: _ = try number(until: end)
      case 1: try skip(8, until: end)
      case 5: try skip(4, until: end)
      case 2:
        guard let length = Int(exactly: try number(until: end)), length <= end - position else {
          throw .damaged("it ends inside a field (byte \(position) of \(bytes.count))")
        }
        if let child = kind.child(tag >> 3) {
          try walk(child, until: position + length)
        } else {
          try count(kind, tag >> 3, length)
          position += length
        }
      default: throw .damaged("there is no field at byte \(position)")
      }
    }
  }

  /// Counts what takes more memory than bytes.
  private mutating func count(
    _ kind: Kind, _ field: UInt64, _ length: Int
  ) throws(ONNXError) {
    switch (kind, field) {
    case (.tensor, 1), (.tensor, 7), (.sparseTensor, 3), (.attribute, 8): packed.long += length
    case (.tensor, 5): packed.short += length
    default: return
    }
    guard packed.long <= Self.mostPacked.long, packed.short <= Self.mostPacked.short else {
      throw .tooLarge("there are too many whole numbers; write weights as raw data")
    }
  }

  private mutating func skip(_ count: Int, until end: Int) throws(ONNXError) {
    guard count <= end - position else {
      throw .damaged("it ends inside a number (byte \(position) of \(bytes.count))")
    }
    position += count
  }

  /// A number of seven bits a byte, lowest first.
  private mutating func number(until end: Int) throws(ONNXError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < end else {
        throw .damaged("it ends inside a number (byte \(position) of \(bytes.count))")
      }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 127) << shift
      if byte < 128 { return value }
    }
    throw .damaged("a number of more than ten bytes (byte \(position))")
  }
}
