import Engine
import NeuralNetworks
import NumericCore
import Storage

/// A fully-connected network as PyTorch users keep it: the state dict of an `nn.Sequential`, or of any
/// module whose layers follow one another, in a safetensors file of F32, F64, F16 or BF16.
///
/// A `Linear` is `NAME.weight` [out, in] with or without `NAME.bias` [out]; a `PReLU` is `NAME.weight` [1],
/// or [out] with a slope a unit. No other module has tensors, so other activations are not in the file: its
/// metadata say them (those of our own exports do), or the caller.
///
/// A pair `weight_orig` and `weight_mask`, as torch.nn.utils.prune has it, is a weight with a mask: what the
/// mask has as 0 is pruned. It is written back as such a pair. A weight without its zeros (`SparseBitmask`) is
/// one whose zeros are pruned, and written back as a dense one.
package struct StateDict: Sendable {
  private let layout: StateDictLayout
  private let description: StateDictDescription?
  /// The names of the tensors in the order of the file, with their shapes.
  private let tensors: [(name: String, shape: [Int])]
  private let metadata: JSONObject
  /// The names of weights that came without their zeros.
  private let sparse: Set<String>
  /// By the tensors' names.
  private var values: [String: [Float]]

  /// Whether a file with `header` is meant to be one, rather than a checkpoint.
  package static func isStateDict(_ header: SafetensorsHeader) -> Bool {
    header.metadata[StateDictDescription.name] == nil || header.metadata["format"] != nil
  }

  /// Reads the content of a file.
  ///
  /// Memory: `bytes`, and 4 bytes a parameter.
  /// - Throws: `StateDictError`, naming the tensor.
  package init(_ bytes: [UInt8]) throws(StateDictError) {
    let header: SafetensorsHeader
    do throws(SafetensorsError) {
      header = try SafetensorsHeader(fileStart: bytes, fileSize: bytes.count)
    } catch {
      throw .container(error)
    }
    let unpacked = try SparseBitmask.unpacked(header, bytes)
    let sparse = Set(unpacked.values.keys)
    try self.init(unpacked.tensors, metadata: header.metadata, sparse: sparse) {
      (tensor, isMask) throws(StateDictError) in
      if let values = unpacked.values[tensor.name] { return values }
      try Self.demand(tensor.shape.reduce(1, *))
      let start = header.dataStart + tensor.range.lowerBound
      let content = bytes[start..<(start + tensor.range.count)]
      if tensor.type == .bool, isMask { return content.map { $0 == 0 ? 0 : 1 } }
      do throws(TensorValues.Problem) {
        return try TensorValues.floats(content, type: tensor.type)
      } catch {
        throw .tensor(tensor.name, StateDictError.TensorProblem(error))
      }
    }
  }

  /// The state dict of `tensors`.
  ///
  /// - Parameters:
  ///   - sparse: the names of weights that came without their zeros.
  ///   - content: the values of one of them, of which it is told whether they say what stays of another.
  /// - Throws: `StateDictError`, naming the tensor.
  init(
    _ tensors: [SafetensorsHeader.Tensor], metadata: JSONObject, sparse: Set<String> = [],
    content: (_ tensor: SafetensorsHeader.Tensor, _ isMask: Bool) throws(StateDictError) -> [Float]
  ) throws(StateDictError) {
    layout = try StateDictLayout(tensors)
    self.tensors = tensors.map { ($0.name, $0.shape) }
    self.metadata = metadata
    self.sparse = sparse
    if let text = metadata[StateDictDescription.name]?.stringValue {
      description = try StateDictDescription(
        text, layers: layout.layers.map { ($0.inputs, $0.outputs) })
    } else {
      description = nil
    }
    var values: [String: [Float]] = [:]
    let masks = Set(layout.layers.flatMap { [$0.weightMask, $0.biasMask].compactMap { $0 } })
    for tensor in tensors {
      values[tensor.name] = try content(tensor, masks.contains(tensor.name))
    }
    self.values = values
  }

  /// Makes sure that so many numbers can be had.
  private static func demand(_ count: Int) throws(StateDictError) {
    do throws(MemoryLack) {
      try MemoryLack.refuse(4 * Double(count))
    } catch {
      throw .memory(error)
    }
  }

  /// The same without what is in the network by now: what it is written back by.
  var template: StateDict {
    let kept = Set(layout.layers.compactMap(\.biasMask))
    var template = self
    template.values = values.filter { kept.contains($0.key) }
    return template
  }

  /// The classes in the order of the outputs, empty for regression; nil where the file does not say
  /// which of the two it is.
  package var classes: [String]? { description?.classes }

  /// What the model knows of its data; nil where the file says nothing of it.
  package var interface: ModelInterface? { description?.interface }

  /// The shape before units were left out; nil where none was.
  package var original: OriginalShape? { description?.original }

  /// Whether the file says what follows every layer.
  package var saysActivations: Bool {
    description != nil
      || layout.layers.dropLast().allSatisfy { $0.slope != nil && !$0.isSlopeUnclear }
  }

  /// The network, its layers named hidden1, hidden2, …, output.
  ///
  /// - Parameter activation: what follows the hidden layers of which the file does not say it.
  /// - Throws: `StateDictError` where neither says it.
  package func network(activation: Activation?) throws(StateDictError) -> Network {
    try network(activations: [activation])
  }

  /// The same, told what follows each hidden layer of which the file does not say it; or in one element, all.
  /// - Throws: `StateDictError` where neither says it.
  func network(activations given: [Activation?]) throws(StateDictError) -> Network {
    let all = given.count == 1 ? Array(repeating: given[0], count: hiddenCount) : given
    precondition(all.count == hiddenCount, "one for each hidden layer")
    let activations = try activations(given: all)
    var layers: [DenseLayer] = []
    for (index, found) in layout.layers.enumerated() {
      let name = Network.layerName(index, of: layout.layers.count)
      // A product with a mask, and the matrix.
      try Self.demand((found.weightMask == nil ? 1 : 2) * found.outputs * found.inputs)
      let weights = try product(found.weight, found.weightMask)
      var mask = found.weightMask.flatMap {
        Mask(zerosOf: values[$0] ?? [], rows: found.outputs, columns: found.inputs)
      }
      if description == nil, sparse.contains(found.weight) {
        // Such a file says itself what is there.
        mask = Mask(zerosOf: weights, rows: found.outputs, columns: found.inputs)
      }
      if let stated = description?.layers[index].mask {
        mask = stated.mask(rows: found.outputs, columns: found.inputs, weights: weights)
        guard mask != nil else {
          throw .description("the mask of \(name) is not that of its weights")
        }
      }
      let slopes = found.slope.flatMap { values[$0] }
      let isOne = slopes?.count == 1
      layers.append(
        DenseLayer(
          name: name,
          weights: Matrix(rows: found.outputs, columns: found.inputs, weights),
          bias: try found.bias.map { (name) throws(StateDictError) in
            try product(name, found.biasMask)
          }
            ?? Array(repeating: 0, count: found.outputs),
          activation: activations[index],
          slope: isOne ? slopes?.first : description?.layers[index].slope,
          unitSlopes: isOne ? [] : slopes ?? [],
          mask: mask))
    }
    return Network(layers: layers)
  }

  /// The values of the tensor `name`, times those of its mask where it has one.
  /// - Throws: `StateDictError.tensor` for a product beyond Float32.
  private func product(_ name: String, _ mask: String?) throws(StateDictError) -> [Float] {
    let own = values[name] ?? []
    guard let mask = mask.flatMap({ values[$0] }) else { return own }
    let product = zip(own, mask).map { $1 == 0 ? 0 : $0 * $1 }
    if let index = product.firstIndex(where: { !$0.isFinite }) {
      throw .tensor(name, .notFinite(index: index))
    }
    return product
  }

  /// Layers with others behind them.
  var hiddenCount: Int { layout.layers.count - 1 }

  private func activations(given: [Activation?]) throws(StateDictError) -> [Activation] {
    if description == nil,
      let slope = zip(layout.layers, given).first(where: { $0.isSlopeUnclear && $1 != .prelu })?.0
        .slope
    {
      throw .tensor(slope, .slopeUnclear)
    }
    let last = hiddenCount
    var activations: [Activation] = []
    var unknown: [String] = []
    for (index, layer) in layout.layers.enumerated() {
      let name = Network.layerName(index, of: layout.layers.count)
      let given = index == last ? nil : given[index]
      let stated = description?.layers[index].activation
      if let stated, (stated == .prelu) != (layer.slope != nil) {
        throw .description("\(name) is said to be followed by \(stated.rawValue)")
      }
      let found = index == last ? .identity : stated ?? (layer.slope == nil ? nil : .prelu)
      if found == nil, given == nil { unknown.append(name) }
      if found == nil, given == .prelu { throw .slopeMissing(layer: name) }
      activations.append(found ?? given ?? .identity)
    }
    if !unknown.isEmpty { throw .activationUnknown(layers: unknown) }
    return activations
  }
}

extension StateDict: ModelTemplate {
  /// That of files with a state dict.
  package static let suffix = "safetensors"

  package var suffix: String { Self.suffix }

  package var biasObstacle: String? {
    guard let index = layout.layers.firstIndex(where: { $0.bias == nil }) else { return nil }
    let name = Network.layerName(index, of: layout.layers.count)
    return "\(StateDictError.noBias(layer: name, weight: layout.layers[index].weight))"
  }

  package func bytes(of export: ModelExport) throws(ModelFileError) -> [UInt8] {
    do throws(StateDictError) {
      return try bytes(
        of: export.state.network, classes: export.classes, interface: export.state.interface,
        original: export.state.original)
    } catch {
      throw .unsupported("\(error)")
    }
  }

  /// The content of a file of the same layout with the parameters of `network`, which came from it, with all
  /// or some of its units: the same names, as F32, pruned weights exact zeros. The metadata say what the tensors do not,
  /// the masks included.
  /// - Parameters:
  ///   - classes: nil where it is not known whether the network is a classifier.
  ///   - interface: what the model knows of its data.
  ///   - original: the shape before units were left out.
  /// - Throws: `StateDictError.noBias` where a layer without a bias has got one, `.notFinite`,
  ///   `.container`.
  package func bytes(
    of network: Network, classes: [String]?, interface: ModelInterface? = nil,
    original: OriginalShape? = nil
  ) throws(StateDictError) -> [UInt8] {
    precondition(network.layers.count == layout.layers.count, "the network that was read")
    var content: [String: [Float]] = [:]
    var shapes = Dictionary(tensors.map { ($0.name, $0.shape) }, uniquingKeysWith: { $1 })
    for (layer, names) in zip(network.layers, layout.layers) {
      guard layer.isFinite else { throw .notFinite(layer: layer.name) }
      let isWhole = layer.outputs == names.outputs && layer.inputs == names.inputs
      if !isWhole {
        for name in [names.weight, names.weightMask].compactMap(\.self) {
          shapes[name] = [layer.outputs, layer.inputs]
        }
        for name in [names.bias, names.biasMask].compactMap(\.self) {
          shapes[name] = [layer.outputs]
        }
        if let slope = names.slope, !layer.unitSlopes.isEmpty { shapes[slope] = [layer.outputs] }
      }
      content[names.weight] = layer.weights.elements
      if let mask = names.weightMask {
        content[mask] = layer.weights.elements.indices.map { layer.mask?[$0] ?? true ? 1 : 0 }
      }
      if let bias = names.bias {
        content[bias] = layer.bias
        if let mask = names.biasMask {
          // A bias that moved away from 0 is no longer masked; of fewer units, none is.
          content[mask] =
            layer.outputs == names.outputs
            ? zip(layer.bias, values[mask] ?? []).map { $0 == 0 && $1 == 0 ? 0 : 1 }
            : layer.bias.map { _ in 1 }
        }
      } else if layer.bias.contains(where: { $0 != 0 }) {
        throw .noBias(layer: layer.name, weight: names.weight)
      }
      if let slope = names.slope {
        content[slope] = layer.unitSlopes.isEmpty ? [layer.slope] : layer.unitSlopes
      }
    }
    let description = StateDictDescription(
      network, written: layout.layers.map { content[$0.weight] ?? [] }, classes: classes,
      interface: interface, original: original)
    var metadata = metadata
    metadata["format"] = "pt"
    metadata[StateDictDescription.name] = .string(description.text)
    do throws(SafetensorsError) {
      let header = try SafetensorsHeader(
        placing: tensors.map { ($0.name, .f32, shapes[$0.name] ?? $0.shape) }, metadata: metadata)
      return header.file(with: tensors.lazy.map { TensorValues.bytes(content[$0.name] ?? []) })
    } catch {
      throw .container(error)
    }
  }
}

extension Mask {
  /// What stays where `values`, row-major, are not 0; nil where all stay.
  fileprivate init?(zerosOf values: [Float], rows: Int, columns: Int) {
    let zeros = values.indices.filter { values[$0] == 0 }
    if zeros.isEmpty { return nil }
    self.init(rows: rows, columns: columns)
    for index in zeros { remove(index) }
  }
}
