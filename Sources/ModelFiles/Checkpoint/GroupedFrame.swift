import CZstd
import Storage

/// A zstd frame whose blocks end where groups of the content end.
///
/// Left alone, zstd codes up to 128 KiB of whatever comes together with one table. The bytes of one
/// significance have a distribution of their own (exponents are few, mantissas are noise), so a table
/// for each is smaller: normally distributed weights came within 3 % of their order-0 entropy at any
/// level, instead of 3 to 11 % at level 3. A decoder sees an ordinary frame.
enum GroupedFrame {
  /// One frame of `content`, laid out by `encoding`, with content size and checksum.
  /// - Throws: `CompressionError.outOfMemory`.
  static func compress(
    _ content: [UInt8], encoding: EntryEncoding, level: Int
  ) throws(CompressionError) -> [UInt8] {
    let groups = encoding.groups
    precondition(content.count % groups == 0, "groups of one size")
    precondition(Zstd.levels.contains(level), "zstd levels are \(Zstd.levels)")
    guard let context = ZSTD_createCCtx() else { throw .outOfMemory(.zstd) }
    defer { ZSTD_freeCCtx(context) }
    for (parameter, value) in [
      (ZSTD_c_compressionLevel, Int32(level)), (ZSTD_c_checksumFlag, 1),
      (ZSTD_c_contentSizeFlag, 1), (ZSTD_c_minMatch, encoding.shortestMatch),
    ] {
      ZSTD_CCtx_setParameter(context, parameter, value)
    }
    ZSTD_CCtx_setPledgedSrcSize(context, UInt64(content.count))
    // A group that ends early may cost a block header, and nothing else.
    let capacity = ZSTD_compressBound(content.count) + 64 * groups
    let size = content.count / groups
    var failed = false
    let frame = content.withUnsafeBytes { content in
      [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
        var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: capacity, pos: 0)
        for group in 1...groups {
          var input = ZSTD_inBuffer(
            src: content.baseAddress, size: group * size, pos: (group - 1) * size)
          let directive = group == groups ? ZSTD_e_end : ZSTD_e_flush
          let rest = ZSTD_compressStream2(context, &output, &input, directive)
          if ZSTD_isError(rest) != 0 { return failed = true }
          precondition(rest == 0, "the output has room for all, so one call finishes a group")
        }
        initialized = output.pos
      }
    }
    // All parameters and sizes are right by construction: only memory can be wanting.
    if failed { throw .outOfMemory(.zstd) }
    return frame
  }
}

extension EntryEncoding {
  /// The shortest repetition that is worth a reference; 0 leaves that to the level. Gaps and bytes of
  /// numbers are drawn one by one: what repeats in them does so by chance, and the reference costs
  /// more than the bytes.
  fileprivate var shortestMatch: Int32 {
    switch self {
    case .gaps, .removedGaps, .bytePlanes: 7
    case .bits, .float64, .json: 0
    }
  }
}
