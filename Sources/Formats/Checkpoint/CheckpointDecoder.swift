import NeuralNetworks
import NumericCore

/// Reads a checkpoint entry by entry, in the order in which the encoder plans them.
///
/// What has to come next follows from the layers that the metadata describe, so an entry that is
/// missing, superfluous, elsewhere or of another size is found when it is reached.
struct CheckpointDecoder {
  private let file: [UInt8]
  private let header: SafetensorsHeader
  private let metadata: CheckpointMetadata
  private let digest: ContentDigest
  /// Position in `header.tensors` of the entry to be read next.
  private var next = 0

  /// Largest JSON entry, in bytes: it takes up to 25 times as much memory when parsed.
  private static let largestJSON = 16 << 20

  /// Checks all but the entries.
  init(
    _ file: [UInt8], memoryLimit: Int, digest: @escaping ContentDigest
  ) throws(CheckpointError) {
    self.file = file
    self.digest = digest
    do throws(SafetensorsError) {
      header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    } catch {
      throw .container(error)
    }
    metadata = try CheckpointMetadata(header, digest: digest)
    let bytes = metadata.decodedBytes
    guard let bytes, bytes <= memoryLimit else { throw .tooLarge(bytes: bytes, limit: memoryLimit) }
  }

  /// Reads all entries.
  mutating func contents() throws(CheckpointError) -> CheckpointContents {
    let inputScaling = try scaling("input", metadata.hasInputScaling, metadata.layers[0].inputs)
    let outputs = metadata.layers[metadata.layers.count - 1].outputs
    let targetScaling = try scaling("target", metadata.hasTargetScaling, outputs)
    let classes = metadata.hasClasses ? try self.classes() : []
    var optimizer = metadata.optimizer.map {
      OptimizerState(steps: $0.steps, first: [], second: [])
    }
    var layers: [DenseLayer] = []
    for record in metadata.layers {
      let layer = try layer(record, prefix: "")
      if metadata.optimizer?.hasFirst == true {
        optimizer?.first.append(try moments(of: layer, record, "moment1"))
      }
      if metadata.optimizer?.hasSecond == true {
        optimizer?.second.append(try moments(of: layer, record, "moment2"))
      }
      layers.append(layer)
    }
    var progress = metadata.progress?.progress
    if let records = metadata.progress?.bestLayers {
      var best: [DenseLayer] = []
      for record in records { best.append(try layer(record, prefix: "best.")) }
      progress?.best?.network = Network(layers: best)
    }
    try checkEnd()
    let state = ModelState(
      network: Network(layers: layers), optimizer: optimizer, inputScaling: inputScaling,
      targetScaling: targetScaling, classes: classes)
    return CheckpointContents(
      state: state, progress: progress, lineage: metadata.lineage,
      fingerprint: metadata.fingerprint)
  }

  /// Makes sure that nothing is left over and that no byte was changed without changing a value.
  private func checkEnd() throws(CheckpointError) {
    if next < header.tensors.count { throw .unexpectedEntry(header.tensors[next].name) }
    if metadata.entries.count > header.tensors.count {
      let stored = Set(header.tensors.map(\.name))
      for entry in metadata.entries where !stored.contains(entry.form.name) {
        throw .missingEntry(entry.form.name)
      }
    }
    guard file[..<header.dataStart].elementsEqual(header.bytes),
      header.metadata.names == [CheckpointMetadata.name]
    else { throw .headerChanged }
    guard digest(Array(file[header.dataStart...])) == metadata.dataDigest else {
      throw .dataChanged
    }
  }
}

extension CheckpointDecoder {
  private mutating func scaling(
    _ name: String, _ isThere: Bool, _ columns: Int
  ) throws(CheckpointError) -> AffineScaling? {
    guard isThere else { return nil }
    let shift = try values("\(name).shift", shape: [columns])
    return AffineScaling(shift: shift, scale: try values("\(name).scale", shape: [columns]))
  }

  private mutating func classes() throws(CheckpointError) -> [String] {
    let name = "classes"
    guard let length = metadata.entry(name)?.form.byteCount else { throw .missingEntry(name) }
    guard length <= Self.largestJSON else {
      throw .tooLarge(bytes: length, limit: Self.largestJSON)
    }
    let form = CheckpointEntryForm(name: name, encoding: .json, shape: [length])
    let elements = try? JSONValue(parsing: try content(form)).arrayValue
    guard let elements, case let names = elements.compactMap(\.stringValue),
      names.count == elements.count, !names.isEmpty
    else { throw .entryForm(name, expected: "an array of strings") }
    return names
  }

  private mutating func layer(
    _ record: LayerRecord, prefix: String
  ) throws(CheckpointError) -> DenseLayer {
    let name = prefix + record.name
    let mask = record.isMasked ? try mask("\(name).weight.mask", record) : nil
    let weights = try matrix("\(name).weight.values", record, mask)
    let bias = try values("\(name).bias", shape: [record.outputs])
    let slope =
      record.storesSlope
      ? try values("\(name).slope", shape: [1])[0] : LayerRecord.usualSlope(record.activation)
    return DenseLayer(
      name: record.name, weights: weights, bias: bias, activation: record.activation, slope: slope,
      mask: mask)
  }

  private mutating func moments(
    of layer: DenseLayer, _ record: LayerRecord, _ suffix: String
  ) throws(CheckpointError) -> LayerMoments {
    LayerMoments(
      weights: try matrix("\(record.name).weight.\(suffix)", record, layer.mask),
      bias: try values("\(record.name).bias.\(suffix)", shape: [record.outputs]),
      slope: record.storesSlope ? try values("\(record.name).slope.\(suffix)", shape: [1])[0] : 0)
  }

  private mutating func mask(
    _ name: String, _ record: LayerRecord
  ) throws(CheckpointError) -> Mask {
    var bytes: [UInt8] = []
    let shape = [record.outputs, record.inputs]
    for piece in CheckpointEntryForm.pieces(of: name, encoding: .bits, shape: shape) {
      bytes.append(contentsOf: try content(piece.form))
    }
    guard let mask = Mask(rows: record.outputs, columns: record.inputs, bytes: bytes),
      mask.keptCount == record.weights
    else { throw .maskMismatch(entry: name) }
    return mask
  }

  /// A matrix of the layer's shape from the values that `mask` keeps, or from all.
  private mutating func matrix(
    _ name: String, _ record: LayerRecord, _ mask: Mask?
  ) throws(CheckpointError) -> Matrix {
    guard let mask else {
      let shape = [record.outputs, record.inputs]
      return Matrix(rows: shape[0], columns: shape[1], try values(name, shape: shape))
    }
    return Survivors.matrix(try values(name, shape: [mask.keptCount]), mask: mask)
  }

  private mutating func values(
    _ name: String, shape: [Int]
  ) throws(CheckpointError) -> [Float] {
    var values: [Float] = []
    for piece in CheckpointEntryForm.pieces(of: name, encoding: .bytePlanes, shape: shape) {
      guard BytePlanes.unpack(try content(piece.form), appendingTo: &values) else {
        throw .nonFinite(entry: piece.form.name)
      }
    }
    return values
  }

  /// The decompressed content of the next entry, which has to be of `form`.
  private mutating func content(
    _ form: CheckpointEntryForm
  ) throws(CheckpointError) -> [UInt8] {
    guard next < header.tensors.count else { throw .missingEntry(form.name) }
    let tensor = header.tensors[next]
    guard tensor.name == form.name else {
      let isElsewhere = header.tensors.contains { $0.name == form.name }
      throw isElsewhere ? .unexpectedEntry(tensor.name) : .missingEntry(form.name)
    }
    guard let record = metadata.entry(form.name) else { throw .unexpectedEntry(form.name) }
    guard tensor.type == .u8, tensor.shape.count == 1, record.form == form,
      let byteCount = form.byteCount
    else {
      throw .entryForm(form.name, expected: "\(form.encoding.rawValue) of shape \(form.shape)")
    }
    next += 1
    let frame = file.span.extracting(
      (header.dataStart + tensor.range.lowerBound)..<(header.dataStart + tensor.range.upperBound))
    let content: [UInt8]
    do throws(CompressionError) {
      content = try Zstd.decompressFrame(frame, size: byteCount)
    } catch {
      throw .frame(entry: form.name, error)
    }
    guard digest(content) == record.digest else { throw .contentChanged(entry: form.name) }
    return content
  }
}
