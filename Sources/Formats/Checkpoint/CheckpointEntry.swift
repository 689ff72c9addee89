/// An entry to be written: independent of all others, so that a pool can seal them at once.
package struct CheckpointEntry: Sendable {
  /// What it will hold.
  package let form: CheckpointEntryForm
  /// Lays the content out, uncompressed; called once, when it is the entry's turn.
  let content: @Sendable () throws(CheckpointError) -> [UInt8]

  /// Compresses the content into one frame and takes its digest.
  /// - Parameter level: one of `Zstd.levels`.
  /// - Throws: `CheckpointError` for an infinity or NaN.
  package func sealed(level: Int, digest: ContentDigest) throws(CheckpointError) -> SealedEntry {
    let content = try content()
    do throws(CompressionError) {
      return SealedEntry(
        form: form, digest: digest(content),
        frame: try GroupedFrame.compress(content, groups: form.encoding.groups, level: level))
    } catch {
      throw .frame(entry: form.name, error)
    }
  }
}

/// An entry as it goes into the file.
package struct SealedEntry: Sendable, Equatable {
  /// What it holds.
  package let form: CheckpointEntryForm
  /// Of the content before compression.
  package let digest: String
  /// One zstd frame with content size and checksum.
  package let frame: [UInt8]
}
