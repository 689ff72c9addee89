/// What stands before the elements of an NPY file, versions 1 to 3: a magic, the length of the header, the
/// header, which is a Python dictionary as text.
package struct NPYHeader: Sendable, Equatable {
  /// How the numbers lie in the bytes.
  package struct Layout: Sendable, Equatable {
    package let type: ElementType
    package let bigEndian: Bool
    /// The first index runs fastest, not the last.
    package let fortranOrder: Bool

    package init(type: ElementType, bigEndian: Bool, fortranOrder: Bool) {
      self.type = type
      self.bigEndian = bigEndian
      self.fortranOrder = fortranOrder
    }
  }

  package let layout: Layout
  /// Of text, behind the shape of the texts the number of characters of each, which are numbers then.
  package let shape: [Int]
  /// Whether the numbers are characters.
  package let isText: Bool
  /// Where the elements begin.
  package let end: Int

  /// What an NPY file begins with.
  package static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// Longest header that is read; NumPy pads short ones to a multiple of 64 bytes.
  private static let longest = 1 << 16
  /// Bytes of a file that are enough to read the header.
  package static let bytesNeeded = 12 + longest

  /// Whether `bytes` begin as an NPY file does.
  package static func matches(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

  /// Reads the header at the start of a file.
  ///
  /// - Parameters:
  ///   - bytes: the start of the file, `bytesNeeded` where it has so many.
  ///   - allowsText: whether elements may be texts of a fixed length.
  /// - Throws: `ArrayFileError`.
  package init(
    fileStart bytes: [UInt8], file: String, allowsText: Bool = false
  ) throws(ArrayFileError) {
    guard Self.matches(bytes) else { throw .otherFormat(file, expected: "NPY") }
    func malformed(_ reason: String) -> ArrayFileError {
      .malformed(file, "NPY", reason: reason)
    }
    guard bytes.count >= 10 else { throw malformed("it ends inside the header") }
    // Version 1 has a length of 2 bytes, versions 2 and 3 one of 4.
    let lengthSize: Int
    switch bytes[6] {
    case 1: lengthSize = 2
    case 2, 3: lengthSize = 4
    default: throw .unsupported(file, "NPY", feature: "format version \(bytes[6])")
    }
    let start = 8 + lengthSize
    guard bytes.count >= start else { throw malformed("it ends inside the header") }
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.longest else { throw malformed("a header of \(length) bytes") }
    guard length <= bytes.count - start else { throw malformed("it ends inside the header") }
    try self.init(
      Array(bytes[start..<(start + length)]), file: file, end: start + length,
      allowsText: allowsText)
  }

  /// NumPy allows 64 dimensions.
  private static let mostDimensions = 64

  /// Reads a dictionary of exactly the keys `descr`, `fortran_order` and `shape`, in any order.
  /// - Throws: `ArrayFileError`.
  private init(
    _ text: [UInt8], file: String, end: Int, allowsText: Bool
  ) throws(ArrayFileError) {
    self.end = end
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
      default: throw scanner.failure("key \(key.quotedExcerpt) in the header")
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
    let characters = allowsText ? Self.characters(type) : nil
    guard let (element, bigEndian) = Self.element(characters == nil ? type : "\(type.prefix(1))u4")
    else { throw .unsupported(file, "NPY", feature: "elements of type \(type.quotedExcerpt)") }
    guard shape.count <= Self.mostDimensions else {
      throw scanner.failure("\(shape.count) dimensions")
    }
    self.layout = .init(type: element, bigEndian: bigEndian, fortranOrder: fortranOrder)
    self.shape = shape + [characters].compactMap { $0 }
    isText = characters != nil
  }

  /// How many characters texts have whose type is called `name`, as `<U12` is; nil for other types.
  private static func characters(_ name: String) -> Int? {
    guard let order = name.first, "<>=".contains(order), name.dropFirst().first == "U" else {
      return nil
    }
    return Int(name.dropFirst(2)).flatMap { $0 >= 0 && $0 <= 1 << 24 ? $0 : nil }
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

    func failure(_ reason: String) -> ArrayFileError {
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

    mutating func expect(_ character: Unicode.Scalar) throws(ArrayFileError) {
      guard skip(character) else {
        throw failure("no \"\(character)\" at byte \(position) of the header")
      }
    }

    mutating func expectEnd() throws(ArrayFileError) {
      skipBlanks()
      guard position == text.count else { throw failure("text behind the header's dictionary") }
    }

    /// A text in single or double quotes, without escapes.
    mutating func string() throws(ArrayFileError) -> String {
      skipBlanks()
      guard position < text.count, [0x22, 0x27].contains(text[position]),
        let end = text[(position + 1)...].firstIndex(of: text[position])
      else { throw failure("no quoted text at byte \(position) of the header") }
      defer { position = end + 1 }
      return String(decoding: text[(position + 1)..<end], as: UTF8.self)
    }

    /// The name of a type; a list, which describes a record, is refused by name.
    mutating func typeName() throws(ArrayFileError) -> String {
      guard !skip("[") else {
        throw .unsupported(file, "NPY", feature: "records as elements")
      }
      return try string()
    }

    mutating func boolean() throws(ArrayFileError) -> Bool {
      skipBlanks()
      for (word, value) in [("True", true), ("False", false)]
      where text[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw failure("no True or False at byte \(position) of the header")
    }

    /// A tuple of lengths; Python 2 wrote an L behind them.
    mutating func shape() throws(ArrayFileError) -> [Int] {
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

    mutating func integer() throws(ArrayFileError) -> Int {
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
