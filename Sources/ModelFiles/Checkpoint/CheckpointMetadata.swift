import NeuralNetworks
import Storage

/// The description of a checkpoint, its first entry: all of it but the values in the other entries.
struct CheckpointMetadata: Sendable, Equatable {
  /// An entry's form and the digest of its decoded content.
  struct EntryRecord: Sendable, Equatable {
    /// What the entry holds.
    let form: CheckpointEntryForm
    /// Of the decoded content, as `CheckpointEntry.shortDigest` has it.
    let digest: String
  }

  /// From the inputs upwards, fitting one another.
  var layers: [LayerRecord]
  /// nil where no later stage continues the optimizer.
  var optimizer: OptimizerRecord?
  /// Whether there are `input.shift` and `input.scale`.
  var hasInputScaling: Bool
  /// Whether there are `target.shift` and `target.scale`.
  var hasTargetScaling: Bool
  /// Whether there is `classes`.
  var hasClasses: Bool
  /// What the model knows of its data; nil where nothing is known.
  var interface: ModelInterface?
  /// The shape before units were left out; nil where none was.
  var original: OriginalShape?
  /// nil for a finished stage.
  var progress: ProgressRecord?
  /// The caller's, as it was given.
  var lineage: JSONValue
  /// The caller's, as it was given.
  var fingerprint: JSONValue
  /// The checkpoint that this one tells its differences from; nil for a whole one.
  var base: CheckpointIdentity?
  /// By name, sorted as in the JSON object.
  var entries: [EntryRecord]

  /// The record of entry `name`.
  func entry(_ name: String) -> EntryRecord? {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      let found = entries[middle]
      if found.form.name == name { return found }
      if found.form.name.utf8.lexicographicallyPrecedes(name.utf8) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return nil
  }

  /// Bytes of memory for all tensors when decoded, pruned weights included; nil beyond Int.
  var decodedBytes: Int? {
    var total: Int? = 0
    // Copies of four bytes a number.
    func add(_ count: Int, _ copies: Int) {
      let (bytes, tooMany) = count.multipliedReportingOverflow(by: 4 * copies)
      guard let sum = total, !tooMany else { return total = nil }
      let (next, overflow) = sum.addingReportingOverflow(bytes)
      total = overflow ? nil : next
    }
    for layer in layers {
      add(layer.weightCount, 1 + (optimizer?.moments ?? 0))
      add(layer.outputs, 1 + (optimizer?.moments ?? 0))
    }
    for layer in progress?.bestLayers ?? [] {
      add(layer.weightCount, 1)
      add(layer.outputs, 1)
    }
    if hasInputScaling { add(layers[0].inputs, 4) }
    if hasTargetScaling { add(layers[layers.count - 1].outputs, 4) }
    return total
  }
}

extension CheckpointMetadata {
  /// The canonical JSON text.
  var bytes: [UInt8] {
    let entries = entries.map { ($0.form.name, $0.json) }
    guard let entries = JSONObject(entries) else { preconditionFailure("two entries of one name") }
    let json: JSONValue = [
      "layers": JSONValue(layers.map(\.json)), "optimizer": optimizer?.json ?? .null,
      "progress": progress?.json ?? .null, "input_scaling": .bool(hasInputScaling),
      "target_scaling": .bool(hasTargetScaling), "classes": .bool(hasClasses),
      "interface": interface.map { InterfaceRecord($0).json } ?? .null,
      "base": base?.json ?? .null, "entries": .object(entries), "lineage": lineage,
      "fingerprint": fingerprint, "original": original?.json ?? .null,
    ]
    return json.canonicalBytes
  }

  /// Reads and checks the description `bytes`, of which the digest is known to be right.
  /// - Throws: `CheckpointError`.
  init(_ bytes: [UInt8]) throws(CheckpointError) {
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONValue(
        parsing: bytes, limits: JSONValue.Limits(values: 10 * SafetensorsHeader.mostTensors))
    } catch {
      throw .metadata(error)
    }
    try self.init(json)
    // The same bytes come out again: nothing is there that is not known.
    guard self.bytes == bytes else { throw .headerChanged }
  }

  private init(_ json: JSONValue) throws(CheckpointError) {
    let layers: [JSONValue]
    let entries: JSONObject
    let optimizer: JSONValue
    let progress: JSONValue
    let base: JSONValue
    let interface: JSONValue
    let original: JSONValue
    do throws(JSONError) {
      layers = try json.array(at: "layers")
      entries = try json.object(at: "entries")
      optimizer = try json.value(at: "optimizer")
      progress = try json.value(at: "progress")
      hasInputScaling = try json.bool(at: "input_scaling")
      hasTargetScaling = try json.bool(at: "target_scaling")
      hasClasses = try json.bool(at: "classes")
      base = try json.value(at: "base")
      interface = try json.value(at: "interface")
      original = try json.value(at: "original")
      lineage = try json.value(at: "lineage")
      fingerprint = try json.value(at: "fingerprint")
    } catch {
      throw .metadata(error)
    }
    self.layers = try LayerRecord.layers(layers, path: "layers")
    self.optimizer = optimizer.isNull ? nil : try OptimizerRecord(optimizer)
    self.progress = progress.isNull ? nil : try ProgressRecord(progress)
    self.base = base.isNull ? nil : try CheckpointIdentity(base)
    self.interface =
      interface.isNull ? nil : try Self.interface(interface, of: self.layers, hasClasses)
    let widths = self.layers.prefix(1).map(\.inputs) + self.layers.map(\.outputs)
    self.original = OriginalShape(original, of: widths)
    if !original.isNull, self.original == nil {
      throw .metadataValue(path: "original", problem: "is no shape that the layers came from")
    }
    self.entries = try entries.map { (member) throws(CheckpointError) in
      try EntryRecord(name: member.name, member.value)
    }
  }
}

extension CheckpointMetadata {
  /// The interface of a network of `layers`.
  private static func interface(
    _ json: JSONValue, of layers: [LayerRecord], _ hasClasses: Bool
  ) throws(CheckpointError) -> ModelInterface {
    let shape = InterfaceRecord.Shape(
      inputs: layers[0].inputs, outputs: layers[layers.count - 1].outputs,
      isClassifier: hasClasses)
    do throws(InterfaceRecord.Problem) {
      return try InterfaceRecord(json, of: shape).interface
    } catch {
      switch error {
      case .json(let error): throw .metadata(error.inside("interface"))
      case .value(let path, let problem):
        throw .metadataValue(path: "interface.\(path)", problem: problem)
      }
    }
  }
}

extension CheckpointMetadata.EntryRecord {
  fileprivate var json: JSONValue {
    var json: JSONValue = [
      "dtype": .string(form.encoding.type.rawValue),
      "shape": JSONValue(form.shape.map { JSONValue($0) }),
      "encoding": .string(form.encoding.rawValue), "digest": .string(digest),
    ]
    if form.encoding.hasOwnLength { json["bytes"] = JSONValue(form.byteCount) }
    if form.isRelative { json["relative"] = true }
    return json
  }

  fileprivate init(name: String, _ json: JSONValue) throws(CheckpointError) {
    let path = "entries.\(name)"
    var shape: [Int] = []
    let encodingName: String
    let type: String
    do throws(JSONError) {
      encodingName = try json.string(at: "encoding")
      type = try json.string(at: "dtype")
      digest = try json.string(at: "digest")
      for element in try json.array(at: "shape") {
        guard let length = element.intValue else {
          throw .wrongKind(path: "shape[]", expected: "an integer", found: element.kind)
        }
        shape.append(length)
      }
    } catch {
      throw .metadata(error.inside(path))
    }
    guard let encoding = EntryEncoding(rawValue: encodingName), encoding.type.rawValue == type
    else {
      throw .metadataValue(path: path, problem: "has an unknown encoding")
    }
    let isRelative = json["relative"]?.boolValue ?? false
    let form =
      encoding.hasOwnLength
      ? json["bytes"]?.intValue.flatMap { bytes in
        CheckpointEntryForm(
          name: name, encoding: encoding, shape: shape, isRelative: isRelative, byteCount: bytes)
      }
      : CheckpointEntryForm(name: name, encoding: encoding, shape: shape, isRelative: isRelative)
    guard let form else {
      throw .metadataValue(path: "\(path).shape", problem: "is impossible")
    }
    self.form = form
  }
}
