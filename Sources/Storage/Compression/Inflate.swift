import CZlib

/// Decompression of gzip files and of raw deflate streams with zlib.
///
/// Memory is bounded by the caller's limit; what a header announces is believed only as far as
/// deflate can expand (1,032 times) and the limit allow.
package enum Inflate {
  /// Deflate codes at best 258 bytes in 2 bits.
  private static let largestRatio = 1032
  private static let pieceSize = 1 << 18

  /// The content of a gzip file: one or more members, then nothing or zero padding.
  ///
  /// Length and CRC-32 of every member are verified.
  /// - Throws: `CompressionError`; never more than `limit` bytes are produced.
  package static func gunzip(
    _ input: Span<UInt8>, limit: Int
  ) throws(CompressionError) -> [UInt8] {
    try input.withUnsafeBufferPointer { (input) throws(CompressionError) in
      guard let first = input.first else { throw .truncated(.gzip) }
      guard first == 0x1f, input.count < 2 || input[1] == 0x8b else { throw .notThisFormat(.gzip) }
      var output = BoundedBytes(limit: limit, announced: announcedSize(input), format: .gzip)
      var start = 0
      repeat {
        let member = UnsafeBufferPointer(rebasing: input[start...])
        start += try run(member, windowBits: 31, format: .gzip, into: &output)
      } while start + 1 < input.count && input[start] == 0x1f && input[start + 1] == 0x8b
      guard input[start...].allSatisfy({ $0 == 0 }) else {
        throw .corrupt(.gzip, reason: "other bytes follow its end")
      }
      return output.bytes
    }
  }

  /// The content of a raw deflate stream that fills `input[range]` and unpacks to exactly `size`
  /// bytes.
  /// - Throws: `CompressionError`, before anything is allocated where `size` cannot be true.
  package static func inflate(
    _ input: [UInt8], _ range: Range<Int>, size: Int
  ) throws(CompressionError) -> [UInt8] {
    try input.withUnsafeBufferPointer { (input) throws(CompressionError) in
      let input = UnsafeBufferPointer(rebasing: input[range])
      try check(input.count, holds: size)
      var output = BoundedBytes(limit: size, announced: size, format: .deflate)
      let used = try run(input, windowBits: -15, format: .deflate, into: &output)
      guard output.bytes.count == size else {
        throw .sizeMismatch(.deflate, expected: size, actual: output.bytes.count)
      }
      guard used == input.count else {
        throw .corrupt(.deflate, reason: "other bytes follow its end")
      }
      return output.bytes
    }
  }

  /// - Throws: `CompressionError` where so few deflated bytes cannot unpack to `size`.
  static func check(_ packed: Int, holds size: Int) throws(CompressionError) {
    let (largest, overflow) = packed.multipliedReportingOverflow(by: largestRatio)
    guard size >= 0, overflow || size <= largest else {
      throw .corrupt(.deflate, reason: "\(packed) bytes cannot hold \(size)")
    }
  }

  /// CRC-32 as in gzip and zip.
  package static func crc32(_ bytes: Span<UInt8>) -> UInt32 {
    bytes.withUnsafeBufferPointer { crc32(UnsafeRawBufferPointer($0), behind: 0) }
  }

  /// CRC-32 of `bytes` behind others whose is `crc`.
  package static func crc32(_ bytes: UnsafeRawBufferPointer, behind crc: UInt32) -> UInt32 {
    // Of no address at all zlib gives the value that a first one starts with.
    guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return crc }
    return UInt32(truncatingIfNeeded: crc32_z(UInt(crc), start, bytes.count))
  }

  /// The size (modulo 2^32) at the end of a gzip file, no more than its input can expand to.
  private static func announcedSize(_ input: UnsafeBufferPointer<UInt8>) -> Int {
    guard input.count >= 18 else { return 0 }
    let size = input.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    return min(size, input.count.multipliedReportingOverflow(by: largestRatio).partialValue)
  }

  /// Decompresses one stream from the start of `input` and returns how many bytes it took.
  private static func run(
    _ input: UnsafeBufferPointer<UInt8>, windowBits: Int32, format: CompressionError.Format,
    into output: inout BoundedBytes
  ) throws(CompressionError) -> Int {
    // On the heap, because zlib keeps the stream's address.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, windowBits, ZLIB_VERSION, size) == Z_OK else {
      throw .outOfMemory(format)
    }
    defer { inflateEnd(stream) }
    let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: pieceSize)
    defer { piece.deallocate() }

    var used = 0
    while true {
      let offered = min(input.count - used, 1 << 30)
      stream.pointee.next_in = UnsafeMutablePointer(
        mutating: input.baseAddress.map { $0 + used })
      stream.pointee.avail_in = UInt32(offered)
      stream.pointee.next_out = piece.baseAddress
      stream.pointee.avail_out = UInt32(pieceSize)
      let status = CZlib.inflate(stream, Z_NO_FLUSH)
      let consumed = offered - Int(stream.pointee.avail_in)
      let produced = pieceSize - Int(stream.pointee.avail_out)
      used += consumed
      try output.append(UnsafeBufferPointer(rebasing: piece[..<produced]))
      switch status {
      case Z_STREAM_END:
        return used
      case Z_OK, Z_BUF_ERROR:
        if consumed == 0 && produced == 0 { throw .truncated(format) }
      case Z_MEM_ERROR:
        throw .outOfMemory(format)
      default:
        let reason = stream.pointee.msg.map { String(cString: $0) } ?? "invalid data"
        throw .corrupt(format, reason: reason)
      }
    }
  }
}
