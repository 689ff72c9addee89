import Engine
import NeuralNetworks
import NumericCore
import Storage

/// A checkpoint in the making: entries that can be compressed apart from one another, in any order
/// and on any thread, and the file made of them.
package struct CheckpointEncoder: Sendable {
  /// The entries, in the order of the file.
  package private(set) var entries: [CheckpointEntry] = []
  private var metadata: CheckpointMetadata
  /// What differences are told from; nil for a whole checkpoint.
  private let baseState: ModelState?
  /// zstd level of the description, which is text of a few kilobytes.
  private static let descriptionLevel = 9

  /// The checkpoint that differences are told from; nil for a whole one.
  package var base: CheckpointIdentity? { metadata.base }

  /// Plans the entries of `contents`.
  /// - Parameter memoryLimit: most bytes of tensors, as of the decoder.
  /// - Throws: `CheckpointError` for a state that no decoder would take.
  package init(
    _ contents: CheckpointContents, base: CheckpointBase? = nil,
    memoryLimit: Int = Checkpoint.defaultMemoryLimit
  ) throws(CheckpointError) {
    precondition(
      base?.identity.chain ?? 0 < CheckpointBase.longestChain, "chains of checkpoints are bounded")
    baseState = base?.state
    let state = contents.state
    let layers = state.network.layers
    let moments = [state.optimizer?.first ?? [], state.optimizer?.second ?? []]
    for (index, moment) in moments.enumerated() where !moment.isEmpty {
      guard moment.count == layers.count else { throw .shape(entry: "moment\(index + 1)") }
    }
    metadata = CheckpointMetadata(
      layers: layers.indices.map { layer in
        LayerRecord(layers[layer], moments: moments.filter { !$0.isEmpty }.map { $0[layer] })
      },
      optimizer: state.optimizer.map { OptimizerRecord($0) },
      hasInputScaling: state.inputScaling != nil, hasTargetScaling: state.targetScaling != nil,
      hasClasses: !state.classes.isEmpty, interface: state.interface,
      original: state.original,
      progress: try contents.progress.map { (progress) throws(CheckpointError) in
        try ProgressRecord(progress)
      },
      lineage: contents.lineage, fingerprint: contents.fingerprint, base: base?.identity,
      entries: [])

    // What would not be read back is not written.
    let bytes = metadata.decodedBytes
    guard let bytes, bytes <= memoryLimit else { throw .tooLarge(bytes: bytes, limit: memoryLimit) }

    try add(
      state.inputScaling, over: baseState?.inputScaling, name: "input",
      columns: state.network.inputs)
    try add(
      state.targetScaling, over: baseState?.targetScaling, name: "target",
      columns: state.network.outputs)
    if metadata.hasClasses { add(classes: state.classes) }
    try add(
      state.network, over: baseState?.network, metadata.layers, prefix: "", moments: moments)
    if let best = contents.progress?.best?.network, let records = metadata.progress?.bestLayers {
      try add(best, over: nil, records, prefix: "best.", moments: [])
    }
  }

  /// The file that holds `sealed`, this encoder's entries in their order.
  /// - Throws: `CheckpointError` where lineage or layers make metadata that no decoder would take.
  package func file(
    of sealed: [SealedEntry], digest: ContentDigest
  ) throws(CheckpointError) -> [UInt8] {
    precondition(sealed.map(\.form.name) == entries.map(\.name), "all entries, in order")
    var complete = metadata
    complete.entries = sealed.map {
      CheckpointMetadata.EntryRecord(form: $0.form, digest: $0.digest)
    }
    complete.entries.sort { $0.form.name.utf8.lexicographicallyPrecedes($1.form.name.utf8) }
    let description = complete.bytes
    guard description.count <= CheckpointSeal.largestDescription else {
      throw .tooLarge(bytes: description.count, limit: CheckpointSeal.largestDescription)
    }
    // What cannot be read back is not written.
    _ = try CheckpointMetadata(description)
    let frames = [try frame(of: description)] + sealed.map(\.frame)
    var data: [UInt8] = []
    data.reserveCapacity(frames.reduce(0) { $0 + $1.count })
    for frame in frames { data.append(contentsOf: frame) }
    let seal = CheckpointSeal(
      descriptionBytes: description.count, descriptionDigest: digest(description),
      dataDigest: digest(data))
    do throws(SafetensorsError) {
      let names = [CheckpointSeal.name] + sealed.map(\.form.name)
      let header = try SafetensorsHeader(
        placing: zip(names, frames).map { ($0, .u8, [$1.count]) },
        metadata: [CheckpointSeal.name: .string(seal.text)])
      return header.bytes + data
    } catch {
      throw .container(error)
    }
  }

  private func frame(of description: [UInt8]) throws(CheckpointError) -> [UInt8] {
    do throws(CompressionError) {
      return try Zstd.compress(description.span, level: Self.descriptionLevel)
    } catch {
      throw .frame(entry: CheckpointSeal.name, error)
    }
  }
}

extension CheckpointEncoder {
  private mutating func add(
    _ scaling: AffineScaling?, over base: AffineScaling?, name: String, columns: Int
  ) throws(CheckpointError) {
    guard let scaling else { return }
    guard scaling.shift.count == columns else { throw .shape(entry: "\(name).shift") }
    add(numbers: scaling.shift, over: base?.shift, "\(name).shift")
    add(numbers: scaling.scale, over: base?.scale, "\(name).scale")
  }

  /// Numbers in float64, or what differs from those in the base.
  private mutating func add(numbers: [Double], over base: [Double]?, _ name: String) {
    let base = base?.count == numbers.count ? base : nil
    for piece in CheckpointPiece.pieces(of: name, shape: [numbers.count]) {
      let values = numbers[piece.range]
      var candidates = [
        CheckpointEntry.Candidate(
          encoding: .float64, shape: piece.shape, isRelative: false,
          content: { () throws(CheckpointError) in Float64Values.pack(values) })
      ]
      if let base = base?[piece.range] {
        candidates.append(
          CheckpointEntry.Candidate(
            encoding: .float64, shape: piece.shape, isRelative: true,
            content: { () throws(CheckpointError) in Float64Values.pack(values, over: base) }))
      }
      entries.append(CheckpointEntry(name: piece.name, candidates: candidates))
    }
  }

  private mutating func add(classes: [String]) {
    let content = JSONValue(classes.map { JSONValue.string($0) }).canonicalBytes
    entries.append(
      CheckpointEntry(name: "classes", encoding: .json, shape: [content.count]) { content })
  }

  /// Plans a network's entries; `moments` are its optimizer's, first and second, each maybe empty.
  private mutating func add(
    _ network: Network, over base: Network?, _ records: [LayerRecord], prefix: String,
    moments: [[LayerMoments]]
  ) throws(CheckpointError) {
    var names: Set<String> = []
    for (index, layer) in network.layers.enumerated() {
      guard LayerRecord.isUsable(layer.name), names.insert(layer.name).inserted else {
        throw .layerName(layer.name)
      }
      let base = base?.layer(index, like: records[index])
      let name = prefix + layer.name
      let storesSlope = records[index].storesSlope
      if let mask = layer.mask { add(mask: mask, over: base, "\(name).weight.mask") }
      try add(matrix: layer.weights, over: base?.weights, of: layer, "\(name).weight.values")
      add(vector: layer.bias, over: base?.bias, "\(name).bias")
      if storesSlope {
        let slopes = layer.unitSlopes.isEmpty ? [layer.slope] : layer.unitSlopes
        add(vector: slopes, over: nil, "\(name).slope")
      }
      for (order, moment) in moments.enumerated() where !moment.isEmpty {
        let suffix = "moment\(order + 1)"
        guard moment[index].bias.count == layer.outputs else {
          throw .shape(entry: "\(name).bias.\(suffix)")
        }
        try add(
          matrix: moment[index].weights, over: nil, of: layer, "\(name).weight.\(suffix)")
        add(vector: moment[index].bias, over: nil, "\(name).bias.\(suffix)")
        if storesSlope { add(vector: [moment[index].slope], over: nil, "\(name).slope.\(suffix)") }
      }
    }
  }

  private mutating func add(mask: Mask, over base: DenseLayer?, _ name: String) {
    let relative = base.flatMap { RelativeMask.bits(of: mask, under: $0.mask) }
    let bits = relative ?? PackedBits(mask.words, range: 0..<mask.count)
    let shape = relative.map { [$0.count] } ?? [mask.rows, mask.columns]
    for piece in CheckpointPiece.pieces(of: name, shape: shape) {
      let part = PackedBits(bits.words, range: piece.range)
      // What is rarer has the longer and fewer gaps.
      let rare = 2 * part.oneCount <= part.count
      let layouts: [(EntryEncoding, @Sendable () -> [UInt8])] = [
        (rare ? .gaps : .removedGaps, { MaskCoding.gaps(of: part, between: rare) }),
        (.bits, { part.bytes }),
      ]
      entries.append(
        CheckpointEntry(
          name: piece.name,
          candidates: layouts.map { encoding, content in
            CheckpointEntry.Candidate(
              encoding: encoding, shape: piece.shape, isRelative: relative != nil,
              content: { () throws(CheckpointError) in content() })
          }))
    }
  }

  private mutating func add(
    matrix: Matrix, over base: Matrix?, of layer: DenseLayer, _ name: String
  ) throws(CheckpointError) {
    guard matrix.rows == layer.outputs, matrix.columns == layer.inputs else {
      throw .shape(entry: name)
    }
    let mask = layer.mask
    if let mask, !Survivors.isZeroElsewhere(matrix, mask: mask) {
      throw .prunedNotZero(entry: name)
    }
    let shape = mask.map { [$0.keptCount] } ?? [matrix.rows, matrix.columns]
    for piece in CheckpointPiece.pieces(of: name, shape: shape) {
      add(
        piece, values: { Survivors.values(of: matrix, mask: mask, range: piece.range) },
        base: base.map { base in
          { @Sendable in Survivors.values(of: base, mask: mask, range: piece.range) }
        })
    }
  }

  private mutating func add(vector: [Float], over base: [Float]?, _ name: String) {
    let base = base?.count == vector.count ? base : nil
    for piece in CheckpointPiece.pieces(of: name, shape: [vector.count]) {
      add(
        piece, values: { Array(vector[piece.range]) },
        base: base.map { base in { @Sendable in Array(base[piece.range]) } })
    }
  }

  /// An entry of values, or of their differences from those in the base where that is smaller.
  private mutating func add(
    _ piece: CheckpointPiece, values: @escaping @Sendable () -> [Float],
    base: (@Sendable () -> [Float])?
  ) {
    var candidates = [
      CheckpointEntry.Candidate(piece, isRelative: false) { BytePlanes.pack(values()) }
    ]
    if let base {
      candidates.append(
        CheckpointEntry.Candidate(piece, isRelative: true) {
          BytePlanes.pack(values(), combinedWith: base())
        })
    }
    entries.append(CheckpointEntry(name: piece.name, candidates: candidates))
  }
}

extension CheckpointEntry.Candidate {
  /// Values as byte planes; `pack` gives nil for an infinity or NaN.
  fileprivate init(
    _ piece: CheckpointPiece, isRelative: Bool, pack: @escaping @Sendable () -> [UInt8]?
  ) {
    let name = piece.name
    self.init(
      encoding: .bytePlanes, shape: piece.shape, isRelative: isRelative,
      content: { () throws(CheckpointError) in
        guard let bytes = pack() else { throw .nonFinite(entry: name) }
        return bytes
      })
  }
}
