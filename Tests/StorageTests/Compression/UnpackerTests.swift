import Storage
import Testing

@Suite("Unpacking in pieces")
struct UnpackerTests {
  private static let content: [UInt8] = (0..<50_000).map { UInt8($0 * $0 / 7 % 251) }

  /// What comes out where so many bytes go in, and can come out, at a time.
  private static func unpacked(
    _ packed: [UInt8], _ format: CompressionError.Format, input: Int, output: Int
  ) throws -> [UInt8] {
    let unpacker = try Unpackers.unpacker(of: format)
    var result: [UInt8] = []
    var (used, offered) = (0, min(input, packed.count))
    var buffer = [UInt8](repeating: 0, count: output)
    while true {
      let isEnd = offered == packed.count
      let step = try packed[used..<offered].withUnsafeBytes { source in
        try buffer.withUnsafeMutableBytes {
          try unpacker.unpack(source, isEnd: isEnd, into: $0)
        }
      }
      used += step.used
      result += buffer.prefix(step.produced)
      if step == (0, 0) {
        if isEnd { return result }
        offered = min(offered + input, packed.count)
      }
    }
  }

  @Test(
    "gives the same whatever the pieces, of several members and of several frames",
    arguments: [1, 7, 1 << 16], [1, 4096])
  func pieces(input: Int, output: Int) throws {
    let gzip = try PackedTable.bytes(".gz")
    let table = try Inflate.gunzip(gzip.span, limit: 1000)
    #expect(
      try Self.unpacked(gzip + gzip + [0, 0, 0], .gzip, input: input, output: output)
        == table + table)
    let frame = try Zstd.compress(Self.content.span, level: 3)
    #expect(
      try Self.unpacked(frame + frame, .zstd, input: input, output: output)
        == Self.content + Self.content)
  }

  @Test("says of what is cut at any length that it is truncated")
  func truncation() throws {
    let gzip = try PackedTable.bytes(".gz")
    for length in gzip.indices {
      #expect(throws: CompressionError.truncated(.gzip)) {
        try Self.unpacked(Array(gzip[..<length]), .gzip, input: 16, output: 64)
      }
    }
    let frame = try Zstd.compress(Self.content.span, level: 3)
    for length in [0, 1, 4, frame.count / 2, frame.count - 1] {
      #expect(throws: CompressionError.truncated(.zstd)) {
        try Self.unpacked(Array(frame[..<length]), .zstd, input: 16, output: 64)
      }
    }
  }

  @Test("names what is none of its format, and what follows the end")
  func otherBytes() throws {
    let gzip = try PackedTable.bytes(".gz")
    let frame = try Zstd.compress(Self.content.span, level: 3)
    let text = Array("1,2,3".utf8)
    #expect(throws: CompressionError.notThisFormat(.gzip)) {
      try Self.unpacked(text, .gzip, input: 16, output: 64)
    }
    #expect(throws: CompressionError.notThisFormat(.zstd)) {
      try Self.unpacked(text, .zstd, input: 16, output: 64)
    }
    #expect(throws: CompressionError.corrupt(.gzip, reason: "other bytes follow its end")) {
      try Self.unpacked(gzip + text, .gzip, input: 16, output: 64)
    }
    #expect(throws: CompressionError.corrupt(.zstd, reason: "other bytes follow its end")) {
      try Self.unpacked(frame + text, .zstd, input: 1 << 16, output: 1 << 16)
    }
  }
}
