import Storage

extension NPYHeader.Layout {
  /// The value of element number `element` of `raw`.
  func number(_ element: Int, of raw: RawSpan) -> Double {
    let position = element * type.size
    switch type {
    case .bool: return raw[byte: position] == 0 ? 0 : 1
    case .uint8: return Double(raw[byte: position])
    case .int8: return Double(Int8(bitPattern: raw[byte: position]))
    case .uint16: return Double(word(UInt16.self, position, raw))
    case .int16: return Double(word(Int16.self, position, raw))
    case .uint32: return Double(word(UInt32.self, position, raw))
    case .int32: return Double(word(Int32.self, position, raw))
    case .uint64:
      let whole = word(UInt64.self, position, raw)
      return CoarseNumbers.nearest(Double(whole), Float(whole))
    case .int64:
      let whole = word(Int64.self, position, raw)
      return CoarseNumbers.nearest(Double(whole), Float(whole))
    case .float16: return Double(Float16(bitPattern: word(UInt16.self, position, raw)))
    case .float32: return Double(Float(bitPattern: word(UInt32.self, position, raw)))
    case .float64: return Double(bitPattern: word(UInt64.self, position, raw))
    }
  }

  /// The value as a whole number, exactly; nil for what is none, or too large for its type to say which.
  func whole(_ element: Int, of raw: RawSpan) -> Int128? {
    let position = element * type.size
    switch type {
    case .uint64: return Int128(word(UInt64.self, position, raw))
    case .int64: return Int128(word(Int64.self, position, raw))
    default:
      let value = number(element, of: raw)
      return abs(value) <= 0x1p53 ? Int128(exactly: value) : nil
    }
  }

  /// The values of the first `count` elements of `raw`.
  func copy(_ raw: RawSpan, _ count: Int, to numbers: inout MutableSpan<Double>) {
    // The types that many arrays have, without a decision for each element.
    switch (type, bigEndian) {
    case (.uint8, _):
      for i in 0..<count { numbers[i] = Double(raw[byte: i]) }
    case (.float32, false):
      for i in 0..<count {
        let bits = raw.unsafeLoadUnaligned(fromByteOffset: 4 * i, as: UInt32.self)
        numbers[i] = Double(Float(bitPattern: UInt32(littleEndian: bits)))
      }
    case (.float64, false):
      for i in 0..<count {
        let bits = raw.unsafeLoadUnaligned(fromByteOffset: 8 * i, as: UInt64.self)
        numbers[i] = Double(bitPattern: UInt64(littleEndian: bits))
      }
    default:
      for i in 0..<count { numbers[i] = number(i, of: raw) }
    }
  }

  private func word<Word: FixedWidthInteger & BitwiseCopyable>(
    _ type: Word.Type, _ position: Int, _ raw: RawSpan
  ) -> Word {
    let stored = raw.unsafeLoadUnaligned(fromByteOffset: position, as: type)
    return bigEndian ? Word(bigEndian: stored) : Word(littleEndian: stored)
  }
}

extension RawSpan {
  /// One byte.
  subscript(byte position: Int) -> UInt8 {
    unsafeLoad(fromByteOffset: position, as: UInt8.self)
  }
}
