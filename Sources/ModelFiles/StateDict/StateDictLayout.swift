/// Which tensors of a file are which parameters of which layer, by their names and shapes.
///
/// Names are those of an `nn.Sequential`: `0.weight`, `0.bias`, `2.weight`, … behind a prefix that all
/// share (`net.`, `model.layers.`). Layers come in the order of their numbers, which need not be
/// without gaps: other modules have no tensors.
struct StateDictLayout: Sendable, Equatable {
  /// The names of one layer's tensors.
  struct Layer: Sendable, Equatable {
    let weight: String
    /// nil for a layer without bias.
    var bias: String?
    /// Of a PReLU behind the layer.
    var slope: String?
    let outputs: Int
    let inputs: Int
  }

  /// The most layers, and the most units of one.
  static let limits = (layers: 1_001, width: 1_000_000)

  /// From the inputs upwards, fitting one another; at least one.
  private(set) var layers: [Layer] = []

  /// - Throws: `StateDictError` for whatever is no part of a fully-connected network.
  init(_ tensors: [SafetensorsHeader.Tensor]) throws(StateDictError) {
    guard let first = tensors.first else { throw .empty }
    var names: [Name] = []
    for tensor in tensors { names.append(try Name(tensor)) }
    if let other = names.first(where: { $0.prefix != names[0].prefix }) {
      throw .prefix(first.name, other: other.tensor.name)
    }
    names.sort { ($0.number, $0.isBias ? 1 : 0) < ($1.number, $1.isBias ? 1 : 0) }
    var last = -1
    for name in names {
      // The weights of the same module come first.
      if name.isBias {
        guard last == name.number, !layers.isEmpty else {
          throw .tensor(name.tensor.name, .strayedBias)
        }
        try addBias(name.tensor)
      } else if name.tensor.shape.count == 1 {
        try addSlope(name.tensor)
        last = -1
      } else {
        try addLayer(name.tensor)
        last = name.number
      }
    }
    if let slope = layers.last?.slope { throw .tensor(slope, .outputSlope) }
    if layers.isEmpty { throw .tensor(first.name, .strayedSlope) }
  }

  private mutating func addLayer(_ tensor: SafetensorsHeader.Tensor) throws(StateDictError) {
    let shape = tensor.shape
    guard shape.count == 2, shape[0] > 0, shape[1] > 0 else {
      throw .tensor(tensor.name, .shape(shape))
    }
    guard shape[0] <= Self.limits.width, shape[1] <= Self.limits.width else {
      throw .tensor(tensor.name, .tooLarge(limit: Self.limits.width))
    }
    guard layers.count < Self.limits.layers else {
      throw .tensor(tensor.name, .tooLarge(limit: Self.limits.layers))
    }
    if let below = layers.last, below.outputs != shape[1] {
      throw .widths(
        tensor: tensor.name, inputs: shape[1], below: below.weight, outputs: below.outputs)
    }
    layers.append(Layer(weight: tensor.name, outputs: shape[0], inputs: shape[1]))
  }

  private mutating func addSlope(_ tensor: SafetensorsHeader.Tensor) throws(StateDictError) {
    guard tensor.shape == [1] else {
      throw .tensor(tensor.name, .slopes(count: tensor.shape[0]))
    }
    guard !layers.isEmpty, layers[layers.count - 1].slope == nil else {
      throw .tensor(tensor.name, .strayedSlope)
    }
    layers[layers.count - 1].slope = tensor.name
  }

  private mutating func addBias(_ tensor: SafetensorsHeader.Tensor) throws(StateDictError) {
    let rows = layers[layers.count - 1].outputs
    guard tensor.shape == [rows] else {
      throw .tensor(tensor.name, .biasLength(shape: tensor.shape, rows: rows))
    }
    layers[layers.count - 1].bias = tensor.name
  }

  /// A tensor's name, taken apart.
  private struct Name {
    let tensor: SafetensorsHeader.Tensor
    /// Up to and with the dot before the number; empty where the number comes first.
    let prefix: Substring
    /// The module's number.
    let number: Int
    let isBias: Bool

    init(_ tensor: SafetensorsHeader.Tensor) throws(StateDictError) {
      self.tensor = tensor
      let parts = tensor.name.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count >= 2, parts[parts.count - 1] == "weight" || parts[parts.count - 1] == "bias"
      else { throw .name(tensor.name) }
      let digits = parts[parts.count - 2]
      // PyTorch writes numbers without leading zeros.
      guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
        String(number) == digits
      else { throw .name(tensor.name) }
      self.number = number
      isBias = parts[parts.count - 1] == "bias"
      prefix = tensor.name[..<digits.startIndex]
    }
  }
}
