/// The output of a decompressor: bytes that are appended, never more than a limit.
///
/// The announced size is reserved at once (untouched memory costs nothing), so honest data is
/// allocated exactly once; data that outgrows the announcement doubles, up to the limit. Peak
/// memory is therefore the limit plus half of it, for the moment of the last growth.
struct BoundedBytes {
  /// What was appended so far.
  private(set) var bytes: [UInt8] = []
  /// Largest number of bytes allowed.
  let limit: Int
  private let format: CompressionError.Format

  /// Nothing yet, with room for `announced` bytes, which the caller has bounded by the input size.
  init(limit: Int, announced: Int, format: CompressionError.Format) {
    self.limit = max(0, limit)
    self.format = format
    bytes.reserveCapacity(min(max(0, announced), self.limit))
  }

  /// Appends a piece of output.
  /// - Throws: `CompressionError.overLimit` instead of growing beyond the limit.
  mutating func append(_ piece: UnsafeBufferPointer<UInt8>) throws(CompressionError) {
    guard piece.count <= limit - bytes.count else {
      throw .overLimit(format, limit: limit)
    }
    let needed = bytes.count + piece.count
    if needed > bytes.capacity {
      let doubled = bytes.count > limit / 2 ? limit : 2 * bytes.count
      bytes.reserveCapacity(max(needed, doubled))
    }
    bytes.append(contentsOf: piece)
  }
}
