import Storage

/// An array of an NPZ file.
enum NPZArray: Sendable, Equatable {
  /// Row-major, finite.
  case numbers(shape: [Int], [Float])
  /// Of no floating-point type, so many; no weights.
  case whole(count: Int)
  case texts([String])

  /// Reads the content of an NPY file called `place`.
  /// - Throws: `ModelFileError`.
  init(_ bytes: [UInt8], place: String) throws(ModelFileError) {
    let header: NPYHeader
    do throws(ArrayFileError) {
      header = try NPYHeader(
        fileStart: Array(bytes.prefix(NPYHeader.bytesNeeded)), file: place, allowsText: true)
    } catch {
      if case .unsupported = error, NPZFormat.textNames.contains(place) {
        throw NPZFormat.noTexts(place)
      }
      throw NPZFormat.failure(error)
    }
    let size = header.layout.type.size
    var count = 1
    for length in header.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow, product >= 0 else { throw Self.damaged(place, header, bytes) }
      count = product
    }
    let (needed, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow, needed == bytes.count - header.end else {
      throw Self.damaged(place, header, bytes)
    }
    func word(_ index: Int) -> UInt64 {
      let start = header.end + index * size
      let word = bytes[start..<(start + size)]
      return header.layout.bigEndian
        ? word.reduce(0) { $0 << 8 | UInt64($1) }
        : word.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    if header.isText {
      self = try .texts(Self.texts(header.shape, place, word))
      return
    }
    guard [.float16, .float32, .float64].contains(header.layout.type) else {
      self = .whole(count: count)
      return
    }
    do throws(MemoryLack) {
      // In another order they are there twice.
      try MemoryLack.refuse((header.layout.fortranOrder ? 8 : 4) * Double(count))
    } catch {
      throw .unsupported("\(StateDictError.memory(error))")
    }
    var values: [Float] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      let word = word(index)
      let value: Float
      switch header.layout.type {
      case .float16: value = Float(Float16(bitPattern: UInt16(word)))
      case .float32: value = Float(bitPattern: UInt32(word))
      default: value = Float(Double(bitPattern: word))
      }
      guard value.isFinite else {
        throw .unsupported(
          "\(place): element \(index) is not finite in 32 bits; correct it")
      }
      values.append(value)
    }
    self = .numbers(
      shape: header.shape,
      header.layout.fortranOrder ? Self.rowMajor(values, header.shape) : values)
  }

  private static func damaged(
    _ place: String, _ header: NPYHeader, _ bytes: [UInt8]
  ) -> ModelFileError {
    .damaged(
      reason:
        "\(place) promises the shape \(header.shape.prefix(8)), and \(bytes.count - header.end) "
        + "bytes follow; copy the file again")
  }

  /// Texts of which `word` gives the characters, one array or a single one.
  private static func texts(
    _ shape: [Int], _ place: String, _ word: (Int) -> UInt64
  ) throws(ModelFileError) -> [String] {
    let length = shape[shape.count - 1]
    guard shape.count <= 2 else {
      throw .unsupported("\(place): it has \(shape.count - 1) dimensions of texts; save a list")
    }
    var texts: [String] = []
    for index in 0..<(shape.count == 2 ? shape[0] : 1) {
      var text = String.UnicodeScalarView()
      for position in 0..<length {
        let number = word(index * length + position)
        // The end is filled up with zeros.
        if number == 0 { continue }
        guard let scalar = UInt32(exactly: number).flatMap(Unicode.Scalar.init) else {
          throw .damaged(
            reason: "\(place): text \(index) has no such character; copy the file again")
        }
        text.append(scalar)
      }
      texts.append(String(text))
    }
    return texts
  }

  /// `values`, whose first index runs fastest, in the usual order; of two dimensions, or one.
  private static func rowMajor(_ values: [Float], _ shape: [Int]) -> [Float] {
    guard shape.count == 2 else { return values }
    var turned: [Float] = []
    turned.reserveCapacity(values.count)
    for row in 0..<shape[0] {
      for column in 0..<shape[1] { turned.append(values[column * shape[0] + row]) }
    }
    return turned
  }

  /// Whether it has elements of no floating-point type.
  var isWhole: Bool { if case .whole = self { true } else { false } }

  /// The same with its two dimensions swapped; nil for others.
  func transposed() throws(StateDictError) -> NPZArray? {
    guard case .numbers(let shape, let values) = self, shape.count == 2 else { return nil }
    do throws(MemoryLack) {
      try MemoryLack.refuse(4 * Double(values.count))
    } catch {
      throw .memory(error)
    }
    return .numbers(
      shape: [shape[1], shape[0]], Self.rowMajor(values, [shape[1], shape[0]]))
  }
}
