import ModelFiles
import TestSupport
import Testing

@Suite("Masks as bits and gaps")
struct MaskCodingTests {
  private static func bits(_ count: Int, density: Double, seed: UInt64) -> PackedBits {
    var draws = Draws(seed: seed)
    var bits = PackedBits(repeating: false, count: count)
    for index in 0..<count where Double(draws.word() >> 11) / Double(1 << 53) < density {
      bits.set(index, to: true)
    }
    return bits
  }

  @Test(
    "Gaps and packed bytes give back the bits they were made of",
    arguments: [0, 1, 7, 8, 63, 64, 65, 254, 255, 256, 257, 510, 511, 5_000],
    [0, 0.002, 0.1, 0.5, 0.97, 1])
  func roundTrip(count: Int, density: Double) throws {
    let bits = Self.bits(count, density: density, seed: UInt64(count) + 9)
    for value in [true, false] {
      let gaps = MaskCoding.gaps(of: bits, between: value)
      #expect(MaskCoding.bits(gaps: gaps, between: value, count: count) == bits)
    }
    #expect(PackedBits(bytes: bits.bytes, count: count) == bits)
    #expect(bits.oneCount == (0..<count).reduce(0) { $0 + (bits[$1] ? 1 : 0) })
  }

  @Test("Gaps are counted by hand", arguments: [true, false])
  func byHand(value: Bool) {
    var bits = PackedBits(repeating: !value, count: 700)
    for index in [0, 2, 257, 513, 699] { bits.set(index, to: value) }
    #expect(
      MaskCoding.gaps(of: bits, between: value) == [0, 1, 254, 255, 0, 185])
  }

  @Test(
    "Gaps that no bits have are refused",
    arguments: [
      ([3], 3), ([0, 0], 1), ([255], 255), ([255], 600), ([0, 255, 0], 256), ([254], 254),
      ([255, 255], 300),
    ] as [([UInt8], Int)])
  func impossible(gaps: [UInt8], count: Int) {
    #expect(MaskCoding.bits(gaps: gaps, between: true, count: count) == nil)
  }

  @Test("Bytes of another number, or with a bit behind the last, are refused")
  func bytes() {
    #expect(PackedBits(bytes: [1], count: 9) == nil)
    #expect(PackedBits(bytes: [1, 0, 0], count: 9) == nil)
    #expect(PackedBits(bytes: [1, 2], count: 9) == nil)
    #expect(PackedBits(bytes: [1, 1], count: 9)?.oneCount == 2)
  }
}
