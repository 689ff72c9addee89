import Storage

/// An entry to be written: independent of all others, so that several can be sealed at once.
package struct CheckpointEntry: Sendable {
  /// One way to write the entry's content down.
  struct Candidate: Sendable {
    let encoding: EntryEncoding
    /// Of the decoded elements.
    let shape: [Int]
    /// Whether the content tells a difference from the base.
    let isRelative: Bool
    /// Lays the content out, uncompressed; called once, when it is the entry's turn.
    let content: @Sendable () throws(CheckpointError) -> [UInt8]
  }

  /// The entry's name in the file.
  package let name: String
  /// The ways to write it; the one that compresses best is taken, of equals the first.
  let candidates: [Candidate]

  init(name: String, candidates: [Candidate]) {
    precondition(!candidates.isEmpty, "an entry has a content")
    self.name = name
    self.candidates = candidates
  }

  /// An entry that can be written in one way only.
  init(
    name: String, encoding: EntryEncoding, shape: [Int],
    content: @escaping @Sendable () throws(CheckpointError) -> [UInt8]
  ) {
    self.init(
      name: name,
      candidates: [
        Candidate(encoding: encoding, shape: shape, isRelative: false, content: content)
      ])
  }

  /// Compresses the content into one frame and takes its digest.
  /// - Parameter level: one of `Zstd.levels`.
  /// - Throws: `CheckpointError` for an infinity or NaN.
  package func sealed(level: Int, digest: ContentDigest) throws(CheckpointError) -> SealedEntry {
    var best: (candidate: Candidate, content: [UInt8], frame: [UInt8])?
    for candidate in candidates {
      let content = try candidate.content()
      let frame: [UInt8]
      do throws(CompressionError) {
        frame = try GroupedFrame.compress(content, encoding: candidate.encoding, level: level)
      } catch {
        throw .frame(entry: name, error)
      }
      if frame.count < best?.frame.count ?? .max { best = (candidate, content, frame) }
    }
    guard let (candidate, content, frame) = best,
      let form = CheckpointEntryForm(
        name: name, encoding: candidate.encoding, shape: candidate.shape,
        isRelative: candidate.isRelative, byteCount: content.count)
    else { preconditionFailure("what is written has a form") }
    return SealedEntry(
      form: form, digest: CheckpointEntry.shortDigest(digest(content)), frame: frame)
  }

  /// The part of a content's digest that tells which entry is damaged: 64 bits of it. That any is,
  /// the digest of the whole data section says.
  static func shortDigest(_ digest: String) -> String { String(digest.prefix(16)) }
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
