import Storage
import Testing

@Suite("Zstd")
struct ZstdTests {
  /// Bytes that compress to some extent, of any number.
  private static func sample(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) & 0x3f }
  }

  @Test(
    "a frame gives back what was compressed, by both ways",
    arguments: [0, 1, 15, 17, 1000, 300_001], [1, 9, 19])
  func roundTrip(count: Int, level: Int) throws {
    let content = Self.sample(count)
    let frame = try Zstd.compress(content.span, level: level)
    #expect(try Zstd.decompressFrame(frame.span, size: count) == content)
    #expect(try Zstd.decompress(frame.span, limit: count) == content)
    // Bit 2: checksum.
    #expect(frame[4] & 4 != 0)
    if count >= 1000 { #expect(frame.count < count) }
  }

  @Test("a file by the zstd tool unpacks to its content")
  func golden() throws {
    let packed = try PackedTable.bytes(".zst")
    #expect(
      try Zstd.decompress(packed.span, limit: 1 << 20) == PackedTable.bytes(""))
  }

  @Test("several frames are one content, other bytes behind are not")
  func frames() throws {
    let content = Self.sample(500)
    let frame = try Zstd.compress(content.span, level: 3)
    let two = frame + frame
    #expect(try Zstd.decompress(two.span, limit: 1000) == content + content)
    #expect(throws: CompressionError.corrupt(.zstd, reason: "other bytes follow its end")) {
      try Zstd.decompressFrame(two.span, size: 500)
    }
    let more = frame + [1, 2, 3, 4, 5]
    #expect(throws: CompressionError.corrupt(.zstd, reason: "other bytes follow its end")) {
      try Zstd.decompress(more.span, limit: 1000)
    }
  }

  @Test("content beyond the limit is refused")
  func limit() throws {
    let frame = try Zstd.compress([UInt8](repeating: 0, count: 1 << 20).span, level: 1)
    #expect(throws: CompressionError.overLimit(.zstd, limit: 1 << 19)) {
      try Zstd.decompress(frame.span, limit: 1 << 19)
    }
  }

  @Test("a frame must state the size that is expected, and be able to hold it")
  func size() throws {
    var frame = try Zstd.compress(Self.sample(1000).span, level: 3)
    #expect(throws: CompressionError.sizeMismatch(.zstd, expected: 999, actual: 1000)) {
      try Zstd.decompressFrame(frame.span, size: 999)
    }
    // A header that states 2^40 bytes: single segment, checksum, size in 8 bytes.
    let bomb: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0xe4, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0]
    #expect(throws: CompressionError.corrupt(.zstd, reason: "16 bytes cannot hold \(1 << 40)")) {
      try Zstd.decompressFrame(bomb.span, size: 1 << 40)
    }
    #expect(throws: CompressionError.self) { try Zstd.decompress(bomb.span, limit: 1 << 41) }
    frame[4] &= ~4
    #expect(throws: CompressionError.noChecksum(.zstd)) {
      try Zstd.decompressFrame(frame.span, size: 1000)
    }
  }

  @Test("a frame cut at any length is refused by both ways")
  func truncation() throws {
    let frame = try Zstd.compress(Self.sample(300).span, level: 3)
    for length in frame.indices {
      let cut = Array(frame[..<length])
      #expect(throws: CompressionError.self) { try Zstd.decompressFrame(cut.span, size: 300) }
      #expect(throws: CompressionError.truncated(.zstd)) {
        try Zstd.decompress(cut.span, limit: 300)
      }
    }
  }

  @Test("a flipped bit never gives other content")
  func flips() throws {
    let content = Self.sample(300)
    let frame = try Zstd.compress(content.span, level: 3)
    var found = 0
    for i in frame.indices {
      for bit in 0..<8 {
        var damaged = frame
        damaged[i] ^= 1 << bit
        let unpacked = try? Zstd.decompressFrame(damaged.span, size: 300)
        #expect(unpacked == nil || unpacked == content, "byte \(i), bit \(bit)")
        if unpacked == nil { found += 1 }
      }
    }
    // A few bits of the format carry nothing: padding, the unused bit of the header.
    #expect(found >= frame.count * 8 * 99 / 100)
  }

  @Test("what is no zstd is named")
  func otherBytes() {
    let text = Array("1,2,3\n4,5,6".utf8)
    #expect(throws: CompressionError.notThisFormat(.zstd)) {
      try Zstd.decompress(text.span, limit: 10)
    }
    #expect(throws: CompressionError.notThisFormat(.zstd)) {
      try Zstd.decompressFrame(text.span, size: 10)
    }
  }
}
