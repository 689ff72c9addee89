import Storage
import Testing

/// What the golden script compressed.
private let table =
  "height,width,\"colour, outside\",kind\r\n1.5,-2,3e2,oak\r\n0.1,20,.5,\"elm \"\"red\"\"\"\r\n"
  + "+4.25,7.,1E-3,oak\r\n\"16777217\",0,-0.0,\"two\r\nlines\"\r\n"

@Suite("Inflate")
struct InflateTests {
  let packed: [UInt8]
  let content = Array(table.utf8)

  init() throws { packed = try PackedTable.bytes(".gz") }

  @Test("a gzip file by Python unpacks to its content")
  func golden() throws {
    #expect(try Inflate.gunzip(packed.span, limit: content.count) == content)
  }

  @Test("several members and zero padding are one content")
  func members() throws {
    let bytes = packed + packed + [0, 0, 0, 0, 0]
    #expect(try Inflate.gunzip(bytes.span, limit: 1000) == content + content)
  }

  @Test("content beyond the limit is refused, at the limit it is not")
  func limit() {
    let limit = content.count - 1
    #expect(throws: CompressionError.overLimit(.gzip, limit: limit)) {
      try Inflate.gunzip(packed.span, limit: limit)
    }
  }

  @Test("a file cut at any length is truncated")
  func truncation() {
    for length in packed.indices {
      let cut = Array(packed[..<length])
      #expect(throws: CompressionError.truncated(.gzip)) {
        try Inflate.gunzip(cut.span, limit: 1000)
      }
    }
  }

  @Test("a flipped bit never gives other content")
  func flips() {
    for i in packed.indices {
      for bit in 0..<8 {
        var damaged = packed
        damaged[i] ^= 1 << bit
        // The time in the header and the padding behind the last block carry no content.
        let unpacked = try? Inflate.gunzip(damaged.span, limit: 1000)
        #expect(unpacked == nil || (unpacked == content && (i < 10 || i == packed.count - 9)))
      }
    }
  }

  @Test("what is no gzip, and what follows its end, is named")
  func otherBytes() {
    let text = Array("1,2,3".utf8)
    #expect(throws: CompressionError.notThisFormat(.gzip)) {
      try Inflate.gunzip(text.span, limit: 10)
    }
    let longer = packed + [0, 1]
    #expect(throws: CompressionError.corrupt(.gzip, reason: "other bytes follow its end")) {
      try Inflate.gunzip(longer.span, limit: 1000)
    }
  }

  @Test("a raw stream unpacks to exactly the stated size")
  func raw() throws {
    // Python's header has 10 bytes, the trailer 8.
    let range = 10..<(packed.count - 8)
    #expect(try Inflate.inflate(packed, range, size: content.count) == content)
    #expect(throws: CompressionError.overLimit(.deflate, limit: content.count - 1)) {
      try Inflate.inflate(packed, range, size: content.count - 1)
    }
    let longer = content.count + 1
    #expect(
      throws: CompressionError.sizeMismatch(.deflate, expected: longer, actual: content.count)
    ) {
      try Inflate.inflate(packed, range, size: longer)
    }
    #expect(
      throws: CompressionError.corrupt(.deflate, reason: "2 bytes cannot hold \(1 << 40)")
    ) {
      try Inflate.inflate(packed, 10..<12, size: 1 << 40)
    }
    #expect(throws: CompressionError.truncated(.deflate)) {
      try Inflate.inflate(packed, 10..<10, size: 0)
    }
  }

  @Test("the CRC-32 is the one of the standard")
  func checksum() {
    // The check value of CRC-32/ISO-HDLC.
    #expect(Inflate.crc32(Array("123456789".utf8).span) == 0xcbf4_3926)
    #expect(Inflate.crc32([UInt8]().span) == 0)
  }
}
