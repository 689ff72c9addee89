import NeuralNetworks

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
  /// How the state came to be.
  package let lineage: JSONValue
  /// What the bits depend on besides settings and data.
  package let fingerprint: JSONValue
  /// In the order of the file.
  package let entries: [Entry]
  /// Bytes of the whole file.
  package let fileBytes: Int

  /// Weights that are not pruned.
  package var weights: Int { layers.reduce(0) { $0 + $1.weights } }
  /// All weights, pruned ones included.
  package var weightCount: Int { layers.reduce(0) { $0 + $1.weightCount } }

  /// Reads the header at the start of a file of `fileSize` bytes; the header is verified, the
  /// entries behind it are not. `SafetensorsHeader.bytesNeeded` says how many bytes that takes.
  /// - Throws: `CheckpointError`.
  package init(
    fileStart: [UInt8], fileSize: Int, digest: ContentDigest
  ) throws(CheckpointError) {
    let header: SafetensorsHeader
    do throws(SafetensorsError) {
      header = try SafetensorsHeader(fileStart: fileStart, fileSize: fileSize)
    } catch {
      throw .container(error)
    }
    let metadata = try CheckpointMetadata(header, digest: digest)
    guard metadata.decodedBytes != nil else { throw .tooLarge(bytes: nil, limit: .max) }
    format = Checkpoint.format
    layers = metadata.layers
    optimizer = metadata.optimizer
    progress = metadata.progress
    hasInputScaling = metadata.hasInputScaling
    hasTargetScaling = metadata.hasTargetScaling
    hasClasses = metadata.hasClasses
    lineage = metadata.lineage
    fingerprint = metadata.fingerprint
    fileBytes = fileSize
    entries = try header.tensors.map { (tensor) throws(CheckpointError) in
      guard let record = metadata.entry(tensor.name), let bytes = record.form.byteCount else {
        throw .unexpectedEntry(tensor.name)
      }
      return Entry(
        form: record.form, storedBytes: tensor.range.count, decodedBytes: bytes,
        digest: record.digest)
    }
  }
}
