import NeuralNetworks
import NumericCore

/// A checkpoint in the making: entries that can be compressed apart from one another, in any order
/// and on any thread, and the file made of them.
package struct CheckpointEncoder: Sendable {
  /// The entries, in the order of the file.
  package private(set) var entries: [CheckpointEntry] = []
  private var metadata: CheckpointMetadata

  /// Plans the entries of `contents`.
  /// - Throws: `CheckpointError` for a state that no decoder would take.
  package init(_ contents: CheckpointContents) throws(CheckpointError) {
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
      hasClasses: !state.classes.isEmpty,
      progress: try contents.progress.map { (progress) throws(CheckpointError) in
        try ProgressRecord(progress)
      },
      lineage: contents.lineage, fingerprint: contents.fingerprint, entries: [], dataDigest: "")

    try add(state.inputScaling, name: "input", columns: state.network.inputs)
    try add(state.targetScaling, name: "target", columns: state.network.outputs)
    if metadata.hasClasses { add(classes: state.classes) }
    try add(state.network, metadata.layers, prefix: "", moments: moments)
    if let best = contents.progress?.best?.network, let records = metadata.progress?.bestLayers {
      try add(best, records, prefix: "best.", moments: [])
    }
  }

  /// The file that holds `sealed`, this encoder's entries in their order.
  /// - Throws: `CheckpointError` where lineage or layers make metadata that no decoder would take.
  package func file(
    of sealed: [SealedEntry], digest: ContentDigest
  ) throws(CheckpointError) -> [UInt8] {
    precondition(sealed.map(\.form) == entries.map(\.form), "all entries, in order")
    var data: [UInt8] = []
    data.reserveCapacity(sealed.reduce(0) { $0 + $1.frame.count })
    for entry in sealed { data.append(contentsOf: entry.frame) }
    var complete = metadata
    complete.dataDigest = digest(data)
    complete.entries = sealed.map {
      CheckpointMetadata.EntryRecord(form: $0.form, digest: $0.digest)
    }
    var file: [UInt8]
    let readBack: SafetensorsHeader
    do throws(SafetensorsError) {
      let header = try SafetensorsHeader(
        placing: sealed.map { ($0.form.name, .u8, [$0.frame.count]) },
        metadata: [CheckpointMetadata.name: .string(complete.text(digest: digest))])
      file = header.bytes
      readBack = try SafetensorsHeader(fileStart: file, fileSize: file.count + data.count)
    } catch {
      throw .container(error)
    }
    _ = try CheckpointMetadata(readBack, digest: digest)
    file.append(contentsOf: data)
    return file
  }
}

extension CheckpointEncoder {
  private mutating func add(
    _ scaling: AffineScaling?, name: String, columns: Int
  ) throws(CheckpointError) {
    guard let scaling else { return }
    guard scaling.shift.count == columns else { throw .shape(entry: "\(name).shift") }
    add(vector: scaling.shift, "\(name).shift")
    add(vector: scaling.scale, "\(name).scale")
  }

  private mutating func add(classes: [String]) {
    let content = JSONValue(classes.map { JSONValue.string($0) }).canonicalBytes
    let form = CheckpointEntryForm(name: "classes", encoding: .json, shape: [content.count])
    entries.append(CheckpointEntry(form: form) { content })
  }

  /// Plans a network's entries; `moments` are its optimizer's, first and second, each maybe empty.
  private mutating func add(
    _ network: Network, _ records: [LayerRecord], prefix: String, moments: [[LayerMoments]]
  ) throws(CheckpointError) {
    var names: Set<String> = []
    for (index, layer) in network.layers.enumerated() {
      guard LayerRecord.isUsable(layer.name), names.insert(layer.name).inserted else {
        throw .layerName(layer.name)
      }
      let name = prefix + layer.name
      let storesSlope = records[index].storesSlope
      if let mask = layer.mask { add(mask: mask, "\(name).weight.mask") }
      try add(matrix: layer.weights, of: layer, "\(name).weight.values")
      add(vector: layer.bias, "\(name).bias")
      if storesSlope { add(vector: [layer.slope], "\(name).slope") }
      for (order, moment) in moments.enumerated() where !moment.isEmpty {
        let suffix = "moment\(order + 1)"
        guard moment[index].bias.count == layer.outputs else {
          throw .shape(entry: "\(name).bias.\(suffix)")
        }
        try add(matrix: moment[index].weights, of: layer, "\(name).weight.\(suffix)")
        add(vector: moment[index].bias, "\(name).bias.\(suffix)")
        if storesSlope { add(vector: [moment[index].slope], "\(name).slope.\(suffix)") }
      }
    }
  }

  private mutating func add(mask: Mask, _ name: String) {
    let shape = [mask.rows, mask.columns]
    for piece in CheckpointEntryForm.pieces(of: name, encoding: .bits, shape: shape) {
      entries.append(
        CheckpointEntry(form: piece.form) { Survivors.maskBytes(mask, range: piece.range) })
    }
  }

  private mutating func add(
    matrix: Matrix, of layer: DenseLayer, _ name: String
  ) throws(CheckpointError) {
    guard matrix.rows == layer.outputs, matrix.columns == layer.inputs else {
      throw .shape(entry: name)
    }
    let mask = layer.mask
    if let mask, !Survivors.isZeroElsewhere(matrix, mask: mask) {
      throw .prunedNotZero(entry: name)
    }
    let shape = mask.map { [$0.keptCount] } ?? [matrix.rows, matrix.columns]
    for piece in CheckpointEntryForm.pieces(of: name, encoding: .bytePlanes, shape: shape) {
      add(piece.form) { Survivors.values(of: matrix, mask: mask, range: piece.range) }
    }
  }

  private mutating func add(vector: [Float], _ name: String) {
    for piece in CheckpointEntryForm.pieces(
      of: name, encoding: .bytePlanes, shape: [vector.count])
    {
      add(piece.form) { Array(vector[piece.range]) }
    }
  }

  private mutating func add(
    _ form: CheckpointEntryForm, values: @escaping @Sendable () -> [Float]
  ) {
    entries.append(
      CheckpointEntry(form: form) { () throws(CheckpointError) in
        guard let bytes = BytePlanes.pack(values()) else { throw .nonFinite(entry: form.name) }
        return bytes
      })
  }
}
