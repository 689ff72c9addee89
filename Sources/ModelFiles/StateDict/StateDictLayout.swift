/// Which tensors of a file are which parameters of which layer, by their names and shapes.
///
/// Names are those of an `nn.Sequential` (`0.weight`, `0.bias`, `2.weight`, …), or of attributes (`fc1.weight`,
/// `head.weight`), behind any prefix. Layers whose names differ by numbers alone come in the order of
/// these, which need not be without gaps: other modules have no tensors. Where that leaves a choice, each
/// layer takes what the one before it gives; where that leaves one too, the file's order holds unless it
/// is that of the alphabet, in which safetensors writes whatever it is given.
struct StateDictLayout: Sendable, Equatable {
  /// The names of one layer's tensors.
  struct Layer: Sendable, Equatable {
    let weight: String
    /// Of 1 for each weight that stays and 0 for others.
    var weightMask: String?
    /// nil for a layer without bias.
    var bias: String?
    var biasMask: String?
    /// Of a PReLU behind the layer.
    var slope: String?
    /// Whether it has a number a unit and no name of a PReLU, so that it may be the gain of a normalization.
    var isSlopeUnclear = false
    let outputs: Int
    let inputs: Int
  }

  /// The most layers, and the most units of one.
  static let limits = (layers: 1_001, width: 1_000_000)

  /// From the inputs upwards, fitting one another; at least one.
  private(set) var layers: [Layer] = []

  /// - Throws: `StateDictError` for whatever is no part of a fully-connected network.
  init(_ tensors: [SafetensorsHeader.Tensor]) throws(StateDictError) {
    if tensors.isEmpty { throw .empty }
    let modules = try StateDictModule.all(of: tensors)
    let found = modules.filter(\.isLayer)
    for module in found { layers.append(try Self.layer(module)) }
    guard layers.count <= Self.limits.layers else {
      throw .tensor(layers[Self.limits.layers].weight, .tooLarge(limit: Self.limits.layers))
    }
    if layers.isEmpty { throw .tensor(tensors[0].name, .strayedSlope) }
    let order = try Self.order(of: layers, found)
    layers = order.map { layers[$0] }
    for (below, layer) in zip(layers, layers.dropFirst()) where below.outputs != layer.inputs {
      throw .widths(
        tensor: layer.weight, inputs: layer.inputs, below: below.weight, outputs: below.outputs)
    }
    try place(slopes: modules.filter { !$0.isLayer }, behind: order.map { found[$0] })
  }

  private static func layer(_ module: StateDictModule) throws(StateDictError) -> Layer {
    guard let weight = module.weight else {
      preconditionFailure("a module without weights is no layer")
    }
    let (name, shape) = (weight.tensor.name, weight.tensor.shape)
    guard shape.count == 2, shape[0] > 0, shape[1] > 0 else { throw .tensor(name, .shape(shape)) }
    guard shape[0] <= limits.width, shape[1] <= limits.width else {
      throw .tensor(name, .tooLarge(limit: limits.width))
    }
    if let bias = module.bias?.tensor, bias.shape != [shape[0]] {
      throw .tensor(bias.name, .biasLength(shape: bias.shape, rows: shape[0]))
    }
    return Layer(
      weight: name, weightMask: weight.mask?.name, bias: module.bias?.tensor.name,
      biasMask: module.bias?.mask?.name, outputs: shape[0], inputs: shape[1])
  }

  /// The order of `layers`, as positions.
  private static func order(
    of layers: [Layer], _ modules: [StateDictModule]
  ) throws(StateDictError) -> [Int] {
    let chain = LayerChain(
      zip(layers, modules).map { layer, module in
        LayerChain.Link(
          name: layer.weight, place: module.place, inputs: layer.inputs, outputs: layer.outputs)
      })
    guard let first = chain.orders.first else {
      throw .noChain(layers.map { "\($0.weight) [\($0.outputs), \($0.inputs)]" })
    }
    if chain.orders.count == 1 { return first }
    let own = Array(layers.indices)
    let isAlphabetical = zip(layers, layers.dropFirst()).allSatisfy { $0.weight < $1.weight }
    guard !isAlphabetical, chain.fits(own) else {
      throw .ambiguous(chain.orders.map(chain.names))
    }
    return own
  }

  // MARK: Slopes

  /// Gives each slope to the layer that it follows.
  private mutating func place(
    slopes: [StateDictModule], behind modules: [StateDictModule]
  ) throws(StateDictError) {
    var free: [StateDictModule] = []
    let ordered = slopes.sorted {
      $0.place.stem == $1.place.stem
        ? $0.place.isBefore($1.place) : $0.place.stem < $1.place.stem
    }
    for slope in ordered {
      // Numbers that count through layers and slopes tell.
      let kin = modules.indices.filter { modules[$0].place.stem == slope.place.stem }
      if kin.isEmpty {
        free.append(slope)
      } else {
        try give(slope, to: kin.last { modules[$0].place.isBefore(slope.place) })
      }
    }
    if free.isEmpty { return }
    let open = layers.indices.dropLast().filter { layers[$0].slope == nil }
    let isNumbered = Set(free.map(\.place.stem)).count == 1
    if free.count == open.count, isNumbered {
      for (slope, index) in zip(free, open) { try give(slope, to: index) }
      return
    }
    for slope in free {
      let count = slope.weight?.tensor.shape.first
      let fitting = open.filter { layers[$0].outputs == count && layers[$0].slope == nil }
      guard fitting.count == 1 else {
        throw .tensor(slope.weight?.tensor.name ?? slope.path, .placeUnknown)
      }
      try give(slope, to: fitting[0])
    }
  }

  private mutating func give(
    _ module: StateDictModule, to index: Int?
  ) throws(StateDictError) {
    guard let slope = module.weight?.tensor else {
      preconditionFailure("a slope is a weight of one dimension")
    }
    if module.weight?.mask != nil { throw .tensor(slope.name, .unpaired) }
    guard let index, layers[index].slope == nil else { throw .tensor(slope.name, .strayedSlope) }
    if index == layers.count - 1 { throw .tensor(slope.name, .outputSlope) }
    guard slope.shape == [1] || slope.shape == [layers[index].outputs] else {
      throw .tensor(slope.name, .slopes(count: slope.shape[0], units: layers[index].outputs))
    }
    layers[index].slope = slope.name
    layers[index].isSlopeUnclear = slope.shape[0] > 1 && !module.isCalledSlope
  }
}
