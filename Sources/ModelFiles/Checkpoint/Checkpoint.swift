/// A text that stands for bytes, such as their SHA-256 in hexadecimal; a function of them alone.
package typealias ContentDigest = @Sendable ([UInt8]) -> String

/// The checkpoint format: a safetensors file whose tensors are zstd frames.
///
/// Any safetensors library lists it, any zstd library opens an entry. Nothing in the bytes depends on
/// time, host, path, threads or interruption. What every byte means:
///
/// - `__metadata__["ecpipe"]` is one canonical JSON string: the format, a digest of the data section,
///   and length and digest of the description (`CheckpointSeal`).
/// - The first entry, `ecpipe`, is the description (`CheckpointMetadata`): layers, optimizer, progress,
///   lineage, fingerprint, and each other entry's dtype, shape, encoding and the digest of its content.
/// - Each entry is one zstd frame with content size and checksum (`CheckpointEntryForm` says what is
///   in it). Entries come in the order in which the decoder needs them, and no others.
/// - The header is the canonical one for its entries, and the digest covers the data section, so that
///   a change of any byte of the file is found, even one that would decode to the same values.
/// - A checkpoint may name another one as its base and tell only what has changed since
///   (`CheckpointBase`): bits for the weights that are kept there, values as differences.
package enum Checkpoint {
  /// The format that is written, and the only one that is read.
  package static let format = 5
  /// Most bytes of tensors that are decoded unless told otherwise: 4 GiB, a billion parameters.
  package static let defaultMemoryLimit = 4 << 30

  /// The bytes of a checkpoint file.
  /// - Parameters:
  ///   - base: what the file may tell differences from; nil for a whole one.
  ///   - level: one of `Zstd.levels`; it changes sizes, not contents.
  /// - Throws: `CheckpointError` for a state that no decoder would take: non-finite values, weights
  ///   that are not 0 where the mask removes them, parts that do not fit one another.
  package static func encode(
    _ contents: CheckpointContents, base: CheckpointBase? = nil, level: Int, digest: ContentDigest
  ) throws(CheckpointError) -> [UInt8] {
    let encoder = try CheckpointEncoder(contents, base: base)
    var sealed: [SealedEntry] = []
    for entry in encoder.entries { sealed.append(try entry.sealed(level: level, digest: digest)) }
    return try encoder.file(of: sealed, digest: digest)
  }

  /// The contents of a checkpoint file, bit for bit what was encoded.
  ///
  /// Memory: `bytes`, a copy of them for the digest, the decoded tensors (at most `memoryLimit`
  /// bytes, refused before anything is allocated), the largest tensor once more, a header
  /// (`SafetensorsHeader`) and a description (`CheckpointSeal.largestDescription`).
  /// - Parameter base: the checkpoint that the file names as its base (`CheckpointSummary.base`).
  /// - Throws: `CheckpointError`, naming the entry; `.missingBase` where `base` is not the one named.
  package static func decode(
    _ bytes: [UInt8], base: CheckpointBase? = nil, memoryLimit: Int = defaultMemoryLimit,
    digest: @escaping ContentDigest
  ) throws(CheckpointError) -> CheckpointContents {
    var decoder = try CheckpointDecoder(
      bytes, base: base, memoryLimit: memoryLimit, digest: digest)
    return try decoder.contents()
  }
}
