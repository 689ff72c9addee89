import Engine
import NeuralNetworks
import Storage

/// A layer as the metadata of a checkpoint describe it: all but its values.
package struct LayerRecord: Sendable, Equatable {
  /// ASCII letters, digits, `_` and `-`; no other layer's.
  package let name: String
  /// What follows the weights and bias.
  package let activation: Activation
  /// Columns of the weights.
  package let inputs: Int
  /// Rows of the weights.
  package let outputs: Int
  /// Weights that are not pruned.
  package let weights: Int
  /// Whether the layer has a mask; without one it is dense.
  package let isMasked: Bool
  /// Whether the slope is stored: always for prelu, elsewhere where it is not the usual one.
  package let storesSlope: Bool

  /// All weights, pruned ones included.
  package var weightCount: Int { inputs * outputs }

  private static let reservedNames: Set<String> = [
    "input", "target", "classes", "best", CheckpointSeal.name,
  ]

  /// The record of `layer`, with its moments where there are some.
  init(_ layer: DenseLayer, moments: [LayerMoments] = []) {
    name = layer.name
    activation = layer.activation
    inputs = layer.inputs
    outputs = layer.outputs
    weights = layer.remaining
    isMasked = layer.mask != nil
    let usual = LayerRecord.usualSlope(layer.activation)
    storesSlope =
      layer.activation == .prelu || layer.slope.bitPattern != usual.bitPattern
      || moments.contains { $0.slope.bitPattern != 0 }
  }

  /// The slope of a layer that stores none.
  static func usualSlope(_ activation: Activation) -> Float {
    activation == .prelu ? Activation.initialSlope : Activation.leakySlope
  }

  /// Whether entries can be named after a layer called `name`.
  static func isUsable(_ name: String) -> Bool {
    let isPlain = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
      default: false
      }
    }
    return isPlain && !name.isEmpty && !reservedNames.contains(name)
  }
}

extension LayerRecord {
  /// The record as JSON.
  var json: JSONValue {
    [
      "name": .string(name), "activation": .string(activation.rawValue),
      "inputs": JSONValue(inputs),
      "outputs": JSONValue(outputs), "weights": JSONValue(weights), "masked": .bool(isMasked),
      "slope": .bool(storesSlope),
    ]
  }

  /// The record that `json`, found at `path`, describes.
  init(_ json: JSONValue, path: String) throws(CheckpointError) {
    let activationName: String
    do throws(JSONError) {
      name = try json.string(at: "name")
      activationName = try json.string(at: "activation")
      inputs = try json.integer(at: "inputs")
      outputs = try json.integer(at: "outputs")
      weights = try json.integer(at: "weights")
      isMasked = try json.bool(at: "masked")
      storesSlope = try json.bool(at: "slope")
    } catch {
      throw .metadata(error.inside(path))
    }
    guard Self.isUsable(name) else {
      throw .metadataValue(path: "\(path).name", problem: "is no layer's name")
    }
    guard let activation = Activation(rawValue: activationName) else {
      throw .metadataValue(path: "\(path).activation", problem: "is no known activation")
    }
    self.activation = activation
    // Beyond this, sums over a layer's weights could not be trusted either.
    guard inputs >= 0, outputs >= 0, inputs <= 1 << 40, outputs <= 1 << 40,
      case let (count, overflow) = inputs.multipliedReportingOverflow(by: outputs), !overflow
    else { throw .metadataValue(path: path, problem: "has an impossible size") }
    guard weights >= 0, isMasked ? weights <= count : weights == count else {
      throw .metadataValue(path: "\(path).weights", problem: "is impossible for the layer's size")
    }
  }

  /// The records of a network's layers, which fit one another.
  static func layers(
    _ json: [JSONValue], path: String
  ) throws(CheckpointError) -> [LayerRecord] {
    var records: [LayerRecord] = []
    var names: Set<String> = []
    for (index, element) in json.enumerated() {
      let record = try LayerRecord(element, path: "\(path)[\(index)]")
      if let lower = records.last, lower.outputs != record.inputs {
        throw .metadataValue(
          path: "\(path)[\(index)].inputs", problem: "is not what the layer below gives")
      }
      guard names.insert(record.name).inserted else {
        throw .metadataValue(path: "\(path)[\(index)].name", problem: "is another layer's")
      }
      records.append(record)
    }
    guard !records.isEmpty else { throw .metadataValue(path: path, problem: "is empty") }
    return records
  }
}
