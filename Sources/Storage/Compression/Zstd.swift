import CZstd

/// Compression and decompression of byte buffers with zstd.
package enum Zstd {
  /// The library's version, on which the bytes of a frame may depend.
  package static var version: String { String(cString: ZSTD_versionString()) }

  /// Compression levels, fast to small.
  package static let levels = 1...22

  /// A block of 4 bytes (run-length coded) unpacks to 128 KiB at best.
  private static let smallestBlock = 4
  private static let largestBlock = 1 << 17
  /// Frames that need a larger window than 128 MiB are refused, as the `zstd` tool does.
  static let largestWindowLog: Int32 = 27

  /// One frame that holds `input`, its size and a checksum.
  ///
  /// The checksum is off by default in the library; without it most single bit flips decode
  /// silently. The bytes depend on input, level and library version only.
  /// - Parameter level: one of `levels`.
  /// - Throws: `CompressionError.outOfMemory`.
  package static func compress(
    _ input: Span<UInt8>, level: Int
  ) throws(CompressionError) -> [UInt8] {
    precondition(levels.contains(level), "zstd levels are \(levels)")
    guard let context = ZSTD_createCCtx() else { throw .outOfMemory(.zstd) }
    defer { ZSTD_freeCCtx(context) }
    for (parameter, value) in [
      (ZSTD_c_compressionLevel, Int32(level)), (ZSTD_c_checksumFlag, 1),
      (ZSTD_c_contentSizeFlag, 1),
    ] {
      try check(ZSTD_CCtx_setParameter(context, parameter, value))
    }
    return try input.withUnsafeBufferPointer { (input) throws(CompressionError) in
      try fill(capacity: ZSTD_compressBound(input.count)) {
        ZSTD_compress2(context, $0.baseAddress, $0.count, input.baseAddress, input.count)
      }
    }
  }

  /// The content of a zstd file: one or more frames, of any kind.
  /// - Throws: `CompressionError`; never more than `limit` bytes are produced.
  package static func decompress(
    _ input: Span<UInt8>, limit: Int
  ) throws(CompressionError) -> [UInt8] {
    try input.withUnsafeBufferPointer { (input) throws(CompressionError) in
      let announced = announcedSize(input)
      let believed = announced.flatMap { canHold(input.count, $0) ? $0 : nil } ?? 0
      var output = BoundedBytes(limit: limit, announced: believed, format: .zstd)
      try Unpackers.unpack(input, of: .zstd, into: &output)
      return output.bytes
    }
  }

  /// The content of the one frame that fills `input`, has a checksum and states `size`.
  /// - Throws: `CompressionError`, before anything is allocated where `size` cannot be true.
  package static func decompressFrame(
    _ input: Span<UInt8>, size: Int
  ) throws(CompressionError) -> [UInt8] {
    try input.withUnsafeBufferPointer { (input) throws(CompressionError) in
      guard input.count >= 6 else { throw .truncated(.zstd) }
      guard input.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) else { throw .notThisFormat(.zstd) }
      // Bit 2 of the frame header descriptor: a checksum of the content follows the last block.
      guard input[4] & 4 != 0 else { throw .noChecksum(.zstd) }
      guard let announced = announcedSize(input) else {
        throw .corrupt(.zstd, reason: "the frame does not state its size")
      }
      guard announced == size else {
        throw .sizeMismatch(.zstd, expected: size, actual: announced)
      }
      guard canHold(input.count, size) else {
        throw .corrupt(.zstd, reason: "\(input.count) bytes cannot hold \(size)")
      }
      let used = try check(ZSTD_findFrameCompressedSize(input.baseAddress, input.count))
      guard used == input.count else {
        throw .corrupt(.zstd, reason: "other bytes follow its end")
      }
      guard let context = ZSTD_createDCtx() else { throw .outOfMemory(.zstd) }
      defer { ZSTD_freeDCtx(context) }
      let bytes = try fill(capacity: size) {
        ZSTD_decompressDCtx(context, $0.baseAddress, $0.count, input.baseAddress, input.count)
      }
      guard bytes.count == size else {
        throw .sizeMismatch(.zstd, expected: size, actual: bytes.count)
      }
      return bytes
    }
  }

  /// The content size in the header of the first frame, nil where it is absent or unreadable.
  private static func announcedSize(_ input: UnsafeBufferPointer<UInt8>) -> Int? {
    // The last two values of the type mean "unknown" and "error", and no Int holds them.
    Int(exactly: ZSTD_getFrameContentSize(input.baseAddress, input.count))
  }

  /// Whether `compressed` bytes of zstd can unpack to `size` bytes at all.
  private static func canHold(_ compressed: Int, _ size: Int) -> Bool {
    size >= 0 && size / largestBlock <= compressed / smallestBlock
  }

  /// The bytes that `body` writes into a buffer of `capacity` and returns the number of.
  private static func fill(
    capacity: Int, _ body: (UnsafeMutableBufferPointer<UInt8>) -> Int
  ) throws(CompressionError) -> [UInt8] {
    var code = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      code = body(UnsafeMutableBufferPointer(rebasing: buffer[..<capacity]))
      count = ZSTD_isError(code) == 0 ? code : 0
    }
    try check(code)
    return bytes
  }

  /// Passes a result of the library on, or throws what its error code says.
  @discardableResult
  static func check(_ code: Int) throws(CompressionError) -> Int {
    guard ZSTD_isError(code) != 0 else { return code }
    let reason = String(cString: ZSTD_getErrorName(code))
    switch reason {
    case "Unknown frame descriptor": throw .notThisFormat(.zstd)
    case "Src size is incorrect": throw .truncated(.zstd)
    case "Allocation error : not enough memory": throw .outOfMemory(.zstd)
    default: throw .corrupt(.zstd, reason: reason)
    }
  }
}
