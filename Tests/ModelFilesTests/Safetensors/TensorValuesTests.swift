import ModelFiles
import Testing

@Suite("Values of tensors")
struct TensorValuesTests {
  private func floats(_ bytes: [UInt8], _ type: SafetensorsType) throws -> [Float] {
    // A slice that does not begin at 0.
    try TensorValues.floats(([7] + bytes)[1...], type: type)
  }

  @Test("the types of PyTorch's parameters, little-endian")
  func types() throws {
    #expect(try floats([0, 0, 0xc0, 0x3f, 0, 0, 0, 0x80], .f32) == [1.5, -0.0])
    #expect(try floats([0, 0, 0, 0, 0, 0, 0xf8, 0x3f], .f64) == [1.5])
    #expect(try floats([0, 0x3e, 0xff, 0x7b, 1, 0], .f16) == [1.5, 65504, 0x1p-24])
    #expect(try floats([0xc0, 0x3f, 0x7f, 0x7f], .bf16) == [1.5, 0x1.fep127])
    #expect(try floats([], .f32) == [])
  }

  @Test("a double is rounded to the nearest 32-bit number")
  func rounding() throws {
    let value = 0.1
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    #expect(try floats(bytes, .f64) == [0.1])
  }

  @Test(
    "what is not finite in 32 bits is named by its place",
    arguments: [
      ([0, 0, 0, 0, 0, 0, 0x80, 0x7f], .f32), ([0, 0, 0, 0, 0, 0, 0xc0, 0xff], .f32),
      // 2^128, finite as a double.
      ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0x47], .f64),
      ([0, 0, 0, 0x7c], .f16), ([0, 0, 0xc0, 0xff], .bf16),
    ] as [([UInt8], SafetensorsType)])
  func notFinite(bytes: [UInt8], type: SafetensorsType) {
    #expect(throws: TensorValues.Problem.notFinite(index: 1)) { try floats(bytes, type) }
  }

  @Test("other types are none that is read", arguments: [SafetensorsType.i64, .bool, .float8E4M3])
  func other(type: SafetensorsType) {
    #expect(throws: TensorValues.Problem.type(type)) {
      try floats([0, 0, 0, 0, 0, 0, 0, 0], type)
    }
  }

  @Test("what is written reads back bit for bit")
  func written() throws {
    let values: [Float] = [0, -0.0, 1.1, -3e38, .leastNonzeroMagnitude]
    let read = try floats(TensorValues.bytes(values), .f32)
    #expect(read.map(\.bitPattern) == values.map(\.bitPattern))
  }
}
