import NeuralNetworks

/// What `__metadata__["ecpipe"]` says: all of a checkpoint but the values in its entries.
struct CheckpointMetadata: Sendable, Equatable {
  /// The name of the string in the safetensors header.
  static let name = "ecpipe"

  /// An entry's form and the digest of its decoded content.
  struct EntryRecord: Sendable, Equatable {
    /// What the entry holds.
    let form: CheckpointEntryForm
    /// Of the decoded content.
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
  /// nil for a finished stage.
  var progress: ProgressRecord?
  /// The caller's, as it was given.
  var lineage: JSONValue
  /// The caller's, as it was given.
  var fingerprint: JSONValue
  /// By name, sorted as in the JSON object.
  var entries: [EntryRecord]
  /// Digest of the data section.
  var dataDigest: String

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
    if hasInputScaling { add(layers[0].inputs, 2) }
    if hasTargetScaling { add(layers[layers.count - 1].outputs, 2) }
    return total
  }
}

extension CheckpointMetadata {
  /// The canonical JSON string, with the digest of everything else in it.
  func text(digest: ContentDigest) -> String {
    var json = body
    json["digest"] = .string(digest(json.canonicalBytes))
    return json.canonical
  }

  private var body: JSONValue {
    let entries = entries.map { entry -> (String, JSONValue) in
      let json: JSONValue = [
        "dtype": .string(entry.form.encoding.type.rawValue),
        "shape": JSONValue(entry.form.shape.map { JSONValue($0) }),
        "encoding": .string(entry.form.encoding.rawValue), "digest": .string(entry.digest),
      ]
      return (entry.form.name, json)
    }
    guard let entries = JSONObject(entries) else { preconditionFailure("two entries of one name") }
    return [
      "format": JSONValue(Checkpoint.format), "layers": JSONValue(layers.map(\.json)),
      "optimizer": optimizer?.json ?? .null, "progress": progress?.json ?? .null,
      "input_scaling": .bool(hasInputScaling), "target_scaling": .bool(hasTargetScaling),
      "classes": .bool(hasClasses), "entries": .object(entries), "data_digest": .string(dataDigest),
      "lineage": lineage, "fingerprint": fingerprint,
    ]
  }

  /// Reads and checks the metadata in `header`.
  /// - Throws: `CheckpointError`.
  init(_ header: SafetensorsHeader, digest: ContentDigest) throws(CheckpointError) {
    // An exported state dict describes itself under the same name.
    guard let text = header.metadata[Self.name]?.stringValue, header.metadata["format"] == nil
    else {
      throw .notACheckpoint
    }
    let json: JSONValue
    let format: Int
    do throws(JSONError) {
      json = try JSONValue(
        parsing: text, limits: JSONValue.Limits(values: 10 * SafetensorsHeader.mostTensors))
      format = try json.integer(at: "format")
    } catch {
      throw .metadata(error)
    }
    // Nothing else may be read of a format that is not known.
    guard format <= Checkpoint.format else {
      throw .newerFormat(found: format, supported: Checkpoint.format)
    }
    guard format == Checkpoint.format else {
      throw .metadataValue(path: "format", problem: "is no format there ever was")
    }
    // First the digest, so that damage is called damage and nothing else.
    var body = json
    body["digest"] = nil
    guard json["digest"]?.stringValue == digest(body.canonicalBytes) else { throw .headerChanged }
    try self.init(json)
    // The same bytes come out again: nothing is there that is not known.
    guard self.text(digest: digest).utf8.elementsEqual(text.utf8) else { throw .headerChanged }
  }

  private init(_ json: JSONValue) throws(CheckpointError) {
    let layers: [JSONValue]
    let entries: JSONObject
    let optimizer: JSONValue
    let progress: JSONValue
    do throws(JSONError) {
      layers = try json.array(at: "layers")
      entries = try json.object(at: "entries")
      optimizer = try json.value(at: "optimizer")
      progress = try json.value(at: "progress")
      hasInputScaling = try json.bool(at: "input_scaling")
      hasTargetScaling = try json.bool(at: "target_scaling")
      hasClasses = try json.bool(at: "classes")
      dataDigest = try json.string(at: "data_digest")
      lineage = try json.value(at: "lineage")
      fingerprint = try json.value(at: "fingerprint")
    } catch {
      throw .metadata(error)
    }
    self.layers = try LayerRecord.layers(layers, path: "layers")
    self.optimizer = optimizer.isNull ? nil : try OptimizerRecord(optimizer)
    self.progress = progress.isNull ? nil : try ProgressRecord(progress)
    self.entries = try entries.map { (member) throws(CheckpointError) in
      try EntryRecord(name: member.name, member.value)
    }
  }
}

extension CheckpointMetadata.EntryRecord {
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
    form = CheckpointEntryForm(name: name, encoding: encoding, shape: shape)
    guard form.byteCount != nil else {
      throw .metadataValue(path: "\(path).shape", problem: "is impossible")
    }
  }
}
