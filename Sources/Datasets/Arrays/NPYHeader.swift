/// The dictionary in the header of an NPY file.
struct NPYHeader {
  let layout: NumericArray.Layout
  let shape: [Int]

  /// NumPy allows 64 dimensions.
  private static let mostDimensions = 64

  /// Reads a dictionary of exactly the keys `descr`, `fortran_order` and `shape`, in any order.
  /// - Throws: `DatasetError`.
  init(_ text: [UInt8], file: String) throws(DatasetError) {
    var scanner = Scanner(text: text, file: file)
    var type: String?
    var fortranOrder: Bool?
    var shape: [Int]?
    try scanner.expect("{")
    while !scanner.skip("}") {
      let key = try scanner.string()
      try scanner.expect(":")
      switch key {
      case "descr" where type == nil: type = try scanner.typeName()
      case "fortran_order" where fortranOrder == nil: fortranOrder = try scanner.boolean()
      case "shape" where shape == nil: shape = try scanner.shape()
      default: throw scanner.failure("key \(excerpt(key)) in the header")
      }
      if !scanner.skip(",") {
        try scanner.expect("}")
        break
      }
    }
    try scanner.expectEnd()
    guard let type, let fortranOrder, let shape else {
      throw scanner.failure("a key is missing in the header")
    }
    guard let (element, bigEndian) = Self.element(type) else {
      throw .unsupported(file, "NPY", feature: "elements of type \(excerpt(type))")
    }
    guard shape.count <= Self.mostDimensions else {
      throw scanner.failure("\(shape.count) dimensions")
    }
    self.layout = .init(type: element, bigEndian: bigEndian, fortranOrder: fortranOrder)
    self.shape = shape
  }

  /// Type and byte order that a name such as `<f4` stands for.
  private static func element(_ name: String) -> (ElementType, bigEndian: Bool)? {
    guard let order = name.first, "<>|=".contains(order) else { return nil }
    let type: ElementType
    switch name.dropFirst() {
    case "b1": type = .bool
    case "u1": type = .uint8
    case "i1": type = .int8
    case "u2": type = .uint16
    case "i2": type = .int16
    case "u4": type = .uint32
    case "i4": type = .int32
    case "u8": type = .uint64
    case "i8": type = .int64
    case "f2": type = .float16
    case "f4": type = .float32
    case "f8": type = .float64
    default: return nil
    }
    return (type, order == ">")
  }

  /// Reads the few forms of Python literals that NumPy writes.
  private struct Scanner {
    let text: [UInt8]
    let file: String
    var position = 0

    init(text: [UInt8], file: String) {
      self.text = text
      self.file = file
    }

    func failure(_ reason: String) -> DatasetError {
      .malformed(file, "NPY", reason: reason)
    }

    mutating func skipBlanks() {
      while position < text.count, [0x20, 0x09, 0x0a, 0x0d].contains(text[position]) {
        position += 1
      }
    }

    /// Whether `character` comes next; if so, it is passed.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
      skipBlanks()
      guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
      position += 1
      return true
    }

    mutating func expect(_ character: Unicode.Scalar) throws(DatasetError) {
      guard skip(character) else {
        throw failure("no \"\(character)\" at byte \(position) of the header")
      }
    }

    mutating func expectEnd() throws(DatasetError) {
      skipBlanks()
      guard position == text.count else { throw failure("text behind the header's dictionary") }
    }

    /// A text in single or double quotes, without escapes.
    mutating func string() throws(DatasetError) -> String {
      skipBlanks()
      guard position < text.count, [0x22, 0x27].contains(text[position]),
        let end = text[(position + 1)...].firstIndex(of: text[position])
      else { throw failure("no quoted text at byte \(position) of the header") }
      defer { position = end + 1 }
      return String(decoding: text[(position + 1)..<end], as: UTF8.self)
    }

    /// The name of a type; a list, which describes a record, is refused by name.
    mutating func typeName() throws(DatasetError) -> String {
      guard !skip("[") else {
        throw .unsupported(file, "NPY", feature: "records as elements")
      }
      return try string()
    }

    mutating func boolean() throws(DatasetError) -> Bool {
      skipBlanks()
      for (word, value) in [("True", true), ("False", false)]
      where text[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw failure("no True or False at byte \(position) of the header")
    }

    /// A tuple of lengths; Python 2 wrote an L behind them.
    mutating func shape() throws(DatasetError) -> [Int] {
      var lengths: [Int] = []
      try expect("(")
      while !skip(")") {
        lengths.append(try integer())
        _ = skip("L")
        if !skip(",") {
          try expect(")")
          break
        }
      }
      return lengths
    }

    mutating func integer() throws(DatasetError) -> Int {
      skipBlanks()
      let digits = text[position...].prefix { $0 >= 0x30 && $0 <= 0x39 }
      guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
        throw failure("no length at byte \(position) of the header")
      }
      position += digits.count
      return value
    }
  }
}
