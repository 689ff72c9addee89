import CZlib

/// Decompression of gzip files and of raw deflate streams with zlib.
///
/// Memory is bounded by the caller's limit; what a header announces is believed only as far as
/// deflate can expand (1,032 times) and the limit allow.
package enum Inflate {
  /// Deflate codes at best 258 bytes in 2 bits.
  private static let largestRatio = 1032

  /// The content of a gzip file: one or more members, then nothing or zero padding.
  ///
  /// Length and CRC-32 of every member are verified.
  /// - Throws: `CompressionError`; never more than `limit` bytes are produced.
  package static func gunzip(
    _ input: Span<UInt8>, limit: Int
  ) throws(CompressionError) -> [UInt8] {
    try input.withUnsafeBufferPointer { (input) throws(CompressionError) in
      var output = BoundedBytes(limit: limit, announced: announcedSize(input), format: .gzip)
      try Unpackers.unpack(input, of: .gzip, into: &output)
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
      try Unpackers.unpack(input, of: .deflate, into: &output)
      guard output.bytes.count == size else {
        throw .sizeMismatch(.deflate, expected: size, actual: output.bytes.count)
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
}
