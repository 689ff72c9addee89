/// The elements of a tensor as Float32, from and to little-endian bytes.
package enum TensorValues {
  /// Why bytes are no numbers that Float32 can hold.
  package enum Problem: Error, Equatable, Sendable {
    /// The elements are no floating-point numbers of 16 to 64 bits.
    case type(SafetensorsType)
    /// Element `index` is NaN, infinite, or a finite F64 beyond Float32.
    case notFinite(index: Int)
  }

  /// The types that are read.
  package static let types: [SafetensorsType] = [.f32, .f64, .f16, .bf16]

  /// All elements of `bytes`, which hold whole elements of `type`, rounded to Float32.
  /// - Throws: `Problem`.
  package static func floats(
    _ bytes: ArraySlice<UInt8>, type: SafetensorsType
  ) throws(Problem) -> [Float] {
    let count = bytes.count / type.size
    var floats: [Float] = []
    floats.reserveCapacity(count)
    func word<Word: FixedWidthInteger & UnsignedInteger>(_ index: Int, _: Word.Type) -> Word {
      let start = bytes.startIndex + index * (Word.bitWidth / 8)
      var value: Word = 0
      for byte in bytes[start..<(start + Word.bitWidth / 8)].reversed() {
        value = value << 8 | Word(byte)
      }
      return value
    }
    for index in 0..<count {
      let value: Float
      switch type {
      case .f32: value = Float(bitPattern: word(index, UInt32.self))
      case .f64: value = Float(Double(bitPattern: word(index, UInt64.self)))
      case .f16: value = Float(Float16(bitPattern: word(index, UInt16.self)))
      // The upper half of a Float32.
      case .bf16: value = Float(bitPattern: UInt32(word(index, UInt16.self)) << 16)
      default: throw .type(type)
      }
      guard value.isFinite else { throw .notFinite(index: index) }
      floats.append(value)
    }
    return floats
  }

  /// `values` as F32.
  package static func bytes(_ values: [Float]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * values.count)
    for value in values {
      let bits = value.bitPattern
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
      }
    }
    return bytes
  }
}
