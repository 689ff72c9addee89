import Engine
import NeuralNetworks
import Storage

/// What a state dict does not say of a network: the JSON string in `__metadata__["ecpipe"]`.
///
/// `activations` and `slopes` (null where there is none), one a layer, and `classes` (empty for
/// regression, null where that is not known). `masks`, one a layer, says which weights are pruned: null for a dense layer; `"zeros"` where the pruned weights
/// are exactly those that are 0 in the file; else the kept weights as bits, row-major, lowest first,
/// in hexadecimal. `weights` is the number of kept weights, by which a file is noticed whose tensors
/// were changed after it was written. So a mask is stated and never inferred: without `masks`, every
/// zero is a live weight. `interface` is what the model knows of its data (`InterfaceRecord`), null or
/// absent where nothing is known.
struct StateDictDescription: Sendable, Equatable {
  /// The name of the string, which checkpoints have too; theirs come without `format: pt`.
  static let name = "ecpipe"
  private static let format = 3
  private static let zeros = "zeros"

  /// A layer as far as the tensors do not say it.
  struct Layer: Sendable, Equatable {
    let activation: Activation
    /// Where the activation has one.
    let slope: Float?
    /// nil for a dense layer.
    let mask: StatedMask?
  }

  /// How the description says which weights are pruned.
  enum StatedMask: Sendable, Equatable {
    /// Those that are 0; so many are kept.
    case zeros(kept: Int)
    /// All bits; so many are kept.
    case bits([UInt8], kept: Int)
  }

  /// From the inputs upwards.
  let layers: [Layer]
  /// Empty for regression; nil where it is not known whether the network is a classifier.
  let classes: [String]?
  /// Nil where nothing is known.
  let interface: ModelInterface?
  /// The shape before units were left out; nil where none was.
  let original: OriginalShape?

  /// The description of `network` as it is written, the weights of its layers being `written`.
  init(
    _ network: Network, written: [[Float]], classes: [String]?, interface: ModelInterface?,
    original: OriginalShape?
  ) {
    layers = zip(network.layers, written).map { layer, weights in
      let slope: Float? =
        switch layer.activation {
        case .leakyRelu: layer.slope
        case .prelu: layer.unitSlopes.isEmpty ? layer.slope : nil
        case .identity, .relu, .tanh, .sigmoid, .gelu, .silu, .softplus: nil
        }
      return Layer(
        activation: layer.activation, slope: slope,
        mask: layer.mask.map { StatedMask($0, weights: weights) })
    }
    self.classes = classes
    self.interface = interface
    self.original = original
  }
}

extension StateDictDescription.StatedMask {
  /// Says `mask` in the shortest way that holds for `weights`.
  fileprivate init(_ mask: Mask, weights: [Float]) {
    let kept = mask.keptCount
    // A pruned weight is 0, so the kept ones are the others unless some of them are 0 too.
    let others = weights.count { $0 != 0 }
    self = others == kept ? .zeros(kept: kept) : .bits(mask.bytes, kept: kept)
  }

  /// The mask of a layer of `weights`, row-major; nil where they are not those it was made for.
  func mask(rows: Int, columns: Int, weights: [Float]) -> Mask? {
    let mask: Mask
    let count: Int
    switch self {
    case .zeros(let kept):
      var zeros = Mask(rows: rows, columns: columns)
      for index in weights.indices where weights[index] == 0 { zeros.remove(index) }
      (mask, count) = (zeros, kept)
    case .bits(let bytes, let kept):
      guard let bits = Mask(rows: rows, columns: columns, bytes: bytes),
        weights.indices.allSatisfy({ bits[$0] || weights[$0] == 0 })
      else { return nil }
      (mask, count) = (bits, kept)
    }
    return mask.keptCount == count ? mask : nil
  }
}

extension StateDictDescription {
  /// The JSON string.
  var text: String {
    let json: JSONValue = [
      "format": JSONValue(Self.format),
      "activations": JSONValue(layers.map { .string($0.activation.rawValue) }),
      // The fewest digits that read back as the same Float32.
      "slopes": JSONValue(
        layers.map { JSONValue($0.slope.flatMap { Double($0.description) }) }),
      "classes": classes.map { JSONValue($0.map { .string($0) }) } ?? .null,
      "interface": interface.map { InterfaceRecord($0).json } ?? .null,
      "original": original?.json ?? .null,
      "masks": JSONValue(
        layers.map { layer in
          switch layer.mask {
          case nil: .null
          case .zeros: .string(Self.zeros)
          case .bits(let bytes, _): .string(Self.hexadecimal(bytes))
          }
        }),
      "weights": JSONValue(
        layers.map { layer in
          switch layer.mask {
          case nil: .null
          case .zeros(let kept), .bits(_, let kept): JSONValue(kept)
          }
        }),
    ]
    return json.canonical
  }

  /// Reads the JSON string of a network of layers with these inputs and outputs.
  /// - Throws: `StateDictError.description`.
  init(_ text: String, layers sizes: [(inputs: Int, outputs: Int)]) throws(StateDictError) {
    let count = sizes.count
    do {
      let json = try JSONValue(parsing: text)
      let format = try json.integer(at: "format")
      guard format == Self.format else {
        throw StateDictError.description("format \(format), this program reads \(Self.format)")
      }
      let activations = try json.array(at: "activations")
      let slopes = try json.array(at: "slopes")
      // Exports of earlier versions say nothing of masks.
      let dense = JSONValue(Array(repeating: JSONValue.null, count: count))
      let masks = (json["masks"] ?? dense).arrayValue ?? []
      let kept = (json["weights"] ?? dense).arrayValue ?? []
      guard [activations, slopes, masks, kept].allSatisfy({ $0.count == count }) else {
        throw StateDictError.description("it does not describe \(count) layers")
      }
      var layers: [Layer] = []
      for index in 0..<count {
        guard let word = activations[index].stringValue, let activation = Activation(rawValue: word)
        else { throw StateDictError.description("an unknown activation") }
        layers.append(
          Layer(
            activation: activation, slope: slopes[index].doubleValue.map { Float($0) },
            mask: try Self.mask(masks[index], kept: kept[index])))
      }
      self.layers = layers
      classes = try Self.classes(json.value(at: "classes"), outputs: sizes.last?.outputs ?? 0)
      let shape = InterfaceRecord.Shape(
        inputs: sizes.first?.inputs ?? 0, outputs: sizes.last?.outputs ?? 0,
        isClassifier: classes.map { !$0.isEmpty })
      let interface = json["interface"] ?? .null
      self.interface =
        interface.isNull ? nil : try InterfaceRecord(interface, of: shape).interface
      let original = json["original"] ?? .null
      let widths = sizes.prefix(1).map { $0.inputs } + sizes.map { $0.outputs }
      self.original = OriginalShape(original, of: widths)
      if !original.isNull, self.original == nil {
        throw StateDictError.description("original is no shape that the layers came from")
      }
    } catch let error as StateDictError {
      throw error
    } catch {
      throw .description("\(error)")
    }
    if let last = layers.last, last.activation != .identity {
      throw .description("an activation behind the last layer is not supported")
    }
    guard layers.allSatisfy({ $0.slope?.isFinite ?? true }) else {
      throw .description("a slope is not finite")
    }
  }

  /// The classes of a network with `outputs` outputs: a name each, or two for one output, or none.
  private static func classes(
    _ json: JSONValue, outputs: Int
  ) throws(StateDictError) -> [String]? {
    if json.isNull { return nil }
    guard let elements = json.arrayValue, case let names = elements.compactMap(\.stringValue),
      names.count == elements.count
    else { throw .description("the classes are no list of texts") }
    if names.isEmpty { return names }
    guard names.count == max(2, outputs) else {
      throw .description(
        "\(counted(names.count, "class", "classes")) for \(counted(outputs, "output"))")
    }
    guard names.areDistinct else { throw .description("a class is there twice") }
    return names
  }

  private static func mask(
    _ json: JSONValue, kept: JSONValue
  ) throws(StateDictError) -> StatedMask? {
    if json.isNull { return nil }
    guard let text = json.stringValue, let kept = kept.intValue, kept >= 0 else {
      throw .description("a mask is no text with a count")
    }
    if text == zeros { return .zeros(kept: kept) }
    guard let bytes = bytes(hexadecimal: text) else {
      throw .description("a mask is not in hexadecimal")
    }
    return .bits(bytes, kept: kept)
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func bytes(hexadecimal text: String) -> [UInt8]? {
    let digits = text.utf8.map { byte -> UInt8? in
      switch byte {
      case 0x30...0x39: byte - 0x30
      case 0x61...0x66: byte - 0x61 + 10
      default: nil
      }
    }
    guard digits.count % 2 == 0, !digits.contains(nil) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0]! << 4 | digits[$0 + 1]! }
  }
}
