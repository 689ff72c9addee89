import Engine
import NeuralNetworks
import NumericCore
import Storage

/// Reads a checkpoint entry by entry, in the order in which the encoder plans them.
///
/// What has to come next follows from the layers that the metadata describe, so an entry that is
/// missing, superfluous, elsewhere or of another size is found when it is reached.
struct CheckpointDecoder {
  private let file: [UInt8]
  private let header: SafetensorsHeader
  private let seal: CheckpointSeal
  private let metadata: CheckpointMetadata
  /// What differences are told from; nil for a whole checkpoint.
  private let base: ModelState?
  private let digest: ContentDigest
  /// Position in `header.tensors` of the entry to be read next; the first is the description.
  private var next = 1

  /// Largest JSON entry, in bytes: it takes up to 25 times as much memory when parsed.
  static let largestJSON = 16 << 20

  /// Checks all but the entries.
  init(
    _ file: [UInt8], base: CheckpointBase?, memoryLimit: Int, digest: @escaping ContentDigest
  ) throws(CheckpointError) {
    self.file = file
    self.digest = digest
    do throws(SafetensorsError) {
      header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    } catch {
      throw .container(error)
    }
    seal = try CheckpointSeal(header)
    let description = try CheckpointSeal.description(in: header)
    metadata = try seal.metadata(
      in: file.span.extracting(header.place(of: description)), digest: digest)
    if let wanted = metadata.base, wanted != base?.identity { throw .missingBase(key: wanted.key) }
    self.base = metadata.base == nil ? nil : base?.state
    let bytes = metadata.decodedBytes
    guard let bytes, bytes <= memoryLimit else { throw .tooLarge(bytes: bytes, limit: memoryLimit) }
    // Of a layer, its values or its bits are there beside the matrix; at the end, the file once more.
    let largest = metadata.layers.map(\.weightCount).max() ?? 0
    do throws(MemoryLack) {
      try MemoryLack.refuse(Double(bytes) + max(4 * Double(largest), Double(file.count)))
    } catch {
      throw .memory(error)
    }
  }

  /// Reads all entries.
  mutating func contents() throws(CheckpointError) -> CheckpointContents {
    let inputScaling = try scaling(
      "input", metadata.hasInputScaling, metadata.layers[0].inputs, over: base?.inputScaling)
    let outputs = metadata.layers[metadata.layers.count - 1].outputs
    let targetScaling = try scaling(
      "target", metadata.hasTargetScaling, outputs, over: base?.targetScaling)
    let classes = metadata.hasClasses ? try self.classes() : []
    guard classes.isEmpty || classes.count == max(2, outputs) && classes.areDistinct
    else { throw .entryForm("classes", expected: "a name for each output, each once") }
    var optimizer = metadata.optimizer.map {
      OptimizerState(steps: $0.steps, first: [], second: [])
    }
    var layers: [DenseLayer] = []
    for (index, record) in metadata.layers.enumerated() {
      let base = base?.network.layer(index, like: record)
      let layer = try layer(record, over: base, prefix: "")
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
      for record in records { best.append(try layer(record, over: nil, prefix: "best.")) }
      progress?.best?.network = Network(layers: best)
    }
    try checkEnd()
    let state = ModelState(
      network: Network(layers: layers), optimizer: optimizer, inputScaling: inputScaling,
      targetScaling: targetScaling, classes: classes, interface: metadata.interface,
      original: metadata.original)
    return CheckpointContents(
      state: state, progress: progress, lineage: metadata.lineage,
      fingerprint: metadata.fingerprint)
  }

  /// Makes sure that nothing is left over and that no byte was changed without changing a value.
  private func checkEnd() throws(CheckpointError) {
    if next < header.tensors.count { throw .unexpectedEntry(header.tensors[next].name) }
    if metadata.entries.count > header.tensors.count - 1 {
      let stored = Set(header.tensors.map(\.name))
      for entry in metadata.entries where !stored.contains(entry.form.name) {
        throw .missingEntry(entry.form.name)
      }
    }
    guard file[..<header.dataStart].elementsEqual(header.bytes),
      header.metadata.names == [CheckpointSeal.name]
    else { throw .headerChanged }
    guard digest(Array(file[header.dataStart...])) == seal.dataDigest else {
      throw .dataChanged
    }
  }
}

extension CheckpointDecoder {
  private mutating func scaling(
    _ name: String, _ isThere: Bool, _ columns: Int, over base: AffineScaling?
  ) throws(CheckpointError) -> AffineScaling? {
    guard isThere else { return nil }
    let shift = try numbers("\(name).shift", columns, over: base?.shift)
    let scale = try numbers("\(name).scale", columns, over: base?.scale)
    guard let scaling = AffineScaling(validating: shift, scale: scale) else {
      throw .entryForm("\(name).scale", expected: "finite numbers other than 0")
    }
    return scaling
  }

  /// Numbers in float64.
  private mutating func numbers(
    _ name: String, _ count: Int, over base: [Double]?
  ) throws(CheckpointError) -> [Double] {
    var numbers: [Double] = []
    for piece in CheckpointPiece.pieces(of: name, shape: [count]) {
      let known = base.flatMap { $0.count == count ? $0[piece.range] : nil }
      let (content, form) = try content(
        piece.name, [.float64], shape: piece.shape, isRelative: known == nil ? false : nil)
      numbers += Float64Values.unpack(content, over: form.isRelative ? known : nil)
    }
    guard numbers.allSatisfy(\.isFinite) else { throw .nonFinite(entry: name) }
    return numbers
  }

  private mutating func classes() throws(CheckpointError) -> [String] {
    let name = "classes"
    guard let length = metadata.entry(name)?.form.byteCount else { throw .missingEntry(name) }
    guard length <= Self.largestJSON else {
      throw .tooLarge(bytes: length, limit: Self.largestJSON)
    }
    let (content, _) = try content(name, [.json], shape: [length])
    return try Self.classes(in: content)
  }

  /// The names that `content`, of the entry of classes, holds.
  static func classes(in content: [UInt8]) throws(CheckpointError) -> [String] {
    let elements = try? JSONValue(parsing: content).arrayValue
    guard let elements, case let names = elements.compactMap(\.stringValue),
      names.count == elements.count, !names.isEmpty
    else { throw .entryForm("classes", expected: "an array of strings") }
    return names
  }

  private mutating func layer(
    _ record: LayerRecord, over base: DenseLayer?, prefix: String
  ) throws(CheckpointError) -> DenseLayer {
    let name = prefix + record.name
    let mask =
      record.isMasked ? try mask("\(name).weight.mask", record, over: base) : nil
    let weights = try matrix("\(name).weight.values", record, mask, over: base?.weights)
    let bias = try values("\(name).bias", shape: [record.outputs], over: base?.bias)
    let slopes =
      record.storesSlope
      ? try values("\(name).slope", shape: slopeShape("\(name).slope", record)) : []
    let isOne = slopes.count == 1
    return DenseLayer(
      name: record.name, weights: weights, bias: bias, activation: record.activation,
      slope: isOne ? slopes[0] : LayerRecord.usualSlope(record.activation),
      unitSlopes: isOne ? [] : slopes, mask: mask)
  }

  /// One slope, or of a prelu one for each of several units.
  private func slopeShape(_ name: String, _ record: LayerRecord) -> [Int] {
    let stored = metadata.entry(name)?.form.shape
    return record.activation == .prelu && stored != [1] ? [record.outputs] : [1]
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
    _ name: String, _ record: LayerRecord, over base: DenseLayer?
  ) throws(CheckpointError) -> Mask {
    let isRelative =
      (metadata.entry(name) ?? metadata.entry("\(name).0"))?.form.isRelative ?? false
    let isTold = isRelative ? base : nil
    let shape = isTold.map { [$0.remaining] } ?? [record.outputs, record.inputs]
    var words: [UInt64] = []
    var count = 0
    for piece in CheckpointPiece.pieces(of: name, shape: shape) {
      let (content, form) = try content(
        piece.name, [.gaps, .removedGaps, .bits], shape: piece.shape, isRelative: isTold != nil)
      let bits =
        form.encoding == .bits
        ? PackedBits(bytes: content, count: piece.range.count)
        : MaskCoding.bits(
          gaps: content, between: form.encoding == .gaps, count: piece.range.count)
      guard let bits else { throw .maskMismatch(entry: piece.name) }
      words.append(contentsOf: bits.words)
      count += bits.count
    }
    let bits = PackedBits(words, range: 0..<count)
    guard
      let mask = RelativeMask.mask(
        bits, under: isTold?.mask, rows: record.outputs, columns: record.inputs),
      mask.keptCount == record.weights
    else { throw .maskMismatch(entry: name) }
    return mask
  }

  /// A matrix of the layer's shape from the values that `mask` keeps, or from all.
  private mutating func matrix(
    _ name: String, _ record: LayerRecord, _ mask: Mask?, over base: Matrix? = nil
  ) throws(CheckpointError) -> Matrix {
    let shape = mask.map { [$0.keptCount] } ?? [record.outputs, record.inputs]
    let known = base.map {
      Survivors.values(of: $0, mask: mask, range: 0..<shape.reduce(1, *))
    }
    let values = try values(name, shape: shape, over: known)
    guard let mask else { return Matrix(rows: shape[0], columns: shape[1], values) }
    return Survivors.matrix(values, mask: mask)
  }

  private mutating func values(
    _ name: String, shape: [Int], over base: [Float]? = nil
  ) throws(CheckpointError) -> [Float] {
    var values: [Float] = []
    for piece in CheckpointPiece.pieces(of: name, shape: shape) {
      let known = base.flatMap { $0.count == shape.reduce(1, *) ? Array($0[piece.range]) : nil }
      let (content, form) = try content(
        piece.name, [.bytePlanes], shape: piece.shape,
        isRelative: known == nil ? false : nil)
      let isSound = BytePlanes.unpack(
        content, combinedWith: form.isRelative ? known : nil, appendingTo: &values)
      guard isSound else { throw .nonFinite(entry: piece.name) }
    }
    return values
  }

  /// The decompressed content of the next entry, which has to be called `name`, and its form, which
  /// has to be one of those wanted.
  /// - Parameter isRelative: whether it has to be; nil where both will do.
  private mutating func content(
    _ name: String, _ encodings: [EntryEncoding], shape: [Int], isRelative: Bool? = false
  ) throws(CheckpointError) -> (content: [UInt8], form: CheckpointEntryForm) {
    guard next < header.tensors.count else { throw .missingEntry(name) }
    let tensor = header.tensors[next]
    guard tensor.name == name else {
      let isElsewhere = header.tensors.contains { $0.name == name }
      throw isElsewhere ? .unexpectedEntry(tensor.name) : .missingEntry(name)
    }
    guard let record = metadata.entry(name) else { throw .unexpectedEntry(name) }
    let form = record.form
    guard tensor.type == .u8, tensor.shape.count == 1, encodings.contains(form.encoding),
      form.shape == shape, form.isRelative == isRelative ?? form.isRelative
    else {
      let words = encodings.map(\.rawValue).joined(separator: " or ")
      throw .entryForm(name, expected: "\(words) of shape \(shape)")
    }
    next += 1
    let frame = file.span.extracting(header.place(of: tensor))
    let content: [UInt8]
    do throws(CompressionError) {
      content = try Zstd.decompressFrame(frame, size: form.byteCount)
    } catch {
      throw .frame(entry: name, error)
    }
    guard CheckpointEntry.shortDigest(digest(content)) == record.digest else {
      throw .contentChanged(entry: name)
    }
    return (content, form)
  }
}

extension SafetensorsHeader {
  /// Where the bytes of `tensor` lie in the file.
  func place(of tensor: Tensor) -> Range<Int> {
    (dataStart + tensor.range.lowerBound)..<(dataStart + tensor.range.upperBound)
  }
}
