import NeuralNetworks
import Storage

/// What can be said of a checkpoint without decompressing anything.
package struct CheckpointSummary: Sendable, Equatable {
  /// An entry of the file.
  package struct Entry: Sendable, Equatable {
    /// What it holds.
    package let form: CheckpointEntryForm
    /// Bytes of the frame.
    package let storedBytes: Int
    /// Bytes of the content.
    package let decodedBytes: Int
    /// Of the content.
    package let digest: String
  }

  /// `Checkpoint.format`.
  package let format: Int
  /// Digest of the description: the same for the same contents at any level.
  package let digest: String
  /// The checkpoint that this one tells its differences from; nil for a whole one.
  package let base: CheckpointIdentity?
  /// From the inputs upwards.
  package let layers: [LayerRecord]
  /// nil where no later stage continues the optimizer.
  package let optimizer: OptimizerRecord?
  /// nil for a finished stage.
  package let progress: ProgressRecord?
  /// Whether raw inputs are scaled.
  package let hasInputScaling: Bool
  /// Whether raw targets are scaled.
  package let hasTargetScaling: Bool
  /// Whether the outputs are classes with names.
  package let hasClasses: Bool
  /// What the model knows of its data; nil where nothing is known.
  package let interface: ModelInterface?
  /// The shape before units were left out; nil where none was.
  package let original: OriginalShape?
  /// How the state came to be.
  package let lineage: JSONValue
  /// What the bits depend on besides settings and data.
  package let fingerprint: JSONValue
  /// In the order of the file, without the description.
  package let entries: [Entry]
  /// Bytes of the whole file.
  package let fileBytes: Int

  /// Weights that are not pruned.
  package var weights: Int { layers.reduce(0) { $0 + $1.weights } }
  /// All weights, pruned ones included.
  package var weightCount: Int { layers.reduce(0) { $0 + $1.weightCount } }

  /// Weights of the network before units of it were left out.
  package var originalWeightCount: Int { original?.weightCount ?? weightCount }

  /// What another checkpoint that tells its differences from this one has to name; nil where the
  /// lineage has no key.
  package var identity: CheckpointIdentity? {
    lineage["key"]?.stringValue.map {
      CheckpointIdentity(key: $0, chain: base.map { $0.chain + 1 } ?? 0, digest: digest)
    }
  }

  /// How many bytes from the start of a file of `fileSize` bytes `init(fileStart:fileSize:digest:)`
  /// needs: header and description.
  /// - Throws: `CheckpointError` where `fileStart` does not hold a header.
  static func bytesNeeded(
    fileStart: [UInt8], fileSize: Int
  ) throws(CheckpointError) -> Int {
    let header = try header(fileStart, fileSize)
    _ = try CheckpointSeal(header)
    return header.dataStart + (try CheckpointSeal.description(in: header)).range.upperBound
  }

  /// Reads header and description at the start of a file of `fileSize` bytes; both are verified, the
  /// entries behind them are not.
  /// - Throws: `CheckpointError`.
  package init(
    fileStart: [UInt8], fileSize: Int, digest: ContentDigest
  ) throws(CheckpointError) {
    let header = try Self.header(fileStart, fileSize)
    let seal = try CheckpointSeal(header)
    let description = try CheckpointSeal.description(in: header)
    let end = header.dataStart + description.range.upperBound
    guard end <= fileStart.count else { throw .container(.tooShort(bytes: fileStart.count)) }
    let metadata = try seal.metadata(
      in: fileStart.span.extracting(header.dataStart..<end), digest: digest)
    guard metadata.decodedBytes != nil else { throw .tooLarge(bytes: nil, limit: .max) }
    format = Checkpoint.format
    self.digest = seal.descriptionDigest
    base = metadata.base
    layers = metadata.layers
    optimizer = metadata.optimizer
    progress = metadata.progress
    hasInputScaling = metadata.hasInputScaling
    hasTargetScaling = metadata.hasTargetScaling
    hasClasses = metadata.hasClasses
    interface = metadata.interface
    original = metadata.original
    lineage = metadata.lineage
    fingerprint = metadata.fingerprint
    fileBytes = fileSize
    entries = try header.tensors.dropFirst().map { (tensor) throws(CheckpointError) in
      guard let record = metadata.entry(tensor.name) else { throw .unexpectedEntry(tensor.name) }
      return Entry(
        form: record.form, storedBytes: tensor.range.count, decodedBytes: record.form.byteCount,
        digest: record.digest)
    }
  }

  private static func header(
    _ fileStart: [UInt8], _ fileSize: Int
  ) throws(CheckpointError) -> SafetensorsHeader {
    do throws(SafetensorsError) {
      return try SafetensorsHeader(fileStart: fileStart, fileSize: fileSize)
    } catch {
      throw .container(error)
    }
  }
}
