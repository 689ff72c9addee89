import Engine
import NeuralNetworks
import NumericCore
import Storage

/// Networks as NumPy has them: an archive of arrays with the names of a state dict, `0.weight` [out, in],
/// `0.bias` [out], or with those of scikit-learn's MLP, `coefs_0` [in, out] and `intercepts_0` [out].
///
/// Arrays of text say what these do not: `activation`, one word or one for each hidden layer, `classes` in the
/// order of the outputs (none for regression), `out_activation` as scikit-learn has it, and `ecpipe`, which our
/// own files have (`StateDictDescription`).
package struct NPZFormat: ModelFormat {
  package let name = "an NPZ file of weights"
  package var suffix: String? { "npz" }

  private static let suffix = ".npy"
  /// What weights are called, in a state dict and by scikit-learn.
  private static let weights = (ending: "weight.npy", kernel: "coefs_0.npy")

  /// The format.
  package init() {}

  /// By its name, or as an archive of arrays; one that cannot be read is said to be so by its reader.
  package func recognizes(_ bytes: [UInt8], path: String) -> Bool {
    if path.lowercased().hasSuffix(".npz") { return true }
    guard ZipArchive.matches(bytes) else { return false }
    guard let archive = try? ZipArchive(bytes, file: path) else {
      return ForeignFile.names(Self.suffix, in: bytes)
    }
    return Self.holdsWeights(archive.entries.map(\.name))
  }

  /// Whether an archive with entries of these names is one of weights, rather than of data.
  static func holdsWeights(_ names: [String]) -> Bool {
    names.contains { $0.hasSuffix(weights.ending) || $0 == weights.kernel }
  }

  package func read(
    _ bytes: [UInt8], path: String, activation: Activation?
  ) throws(ModelFileError) -> FileModel {
    var arrays = try Self.arrays(of: bytes, path: path)
    let stated = try Self.activations(&arrays)
    let end = try Self.texts("out_activation", &arrays)?.first
    let classes = try Self.texts("classes", &arrays)
    var metadata: JSONObject = ["format": "pt"]
    if let text = try Self.texts(StateDictDescription.name, &arrays)?.first {
      metadata[StateDictDescription.name] = .string(text)
    }
    if let name = arrays.first(where: { $0.array.isWhole })?.name {
      throw .unsupported(
        "\(name): its elements are whole numbers; save them as float32 (array.astype(\"float32\"))")
    }
    let model: FileModel
    do throws(StateDictError) {
      let dict = try Self.stateDict(&arrays, metadata)
      let said = dict.saysActivations
      let words = try Self.activations(stated, hidden: dict.hiddenCount)
      let given: [Activation?] = said ? [activation] : words?.map { $0 } ?? [activation]
      model = FileModel(
        state: ModelState(
          network: try dict.network(activations: given), classes: dict.classes ?? [],
          interface: dict.interface, original: dict.original),
        saysTask: dict.classes != nil, saysActivations: said || stated != nil,
        units: dict.interface == nil ? .open : .raw)
    } catch {
      throw .unsupported("\(error)")
    }
    if let obstacle = end.flatMap({ Self.obstacle(toEnd: $0, outputs: model.state.network.outputs) }
    ) {
      throw .unsupported(obstacle)
    }
    guard let classes, !model.saysTask else { return model }
    if let obstacle = classes.isEmpty ? nil : model.obstacle(toClasses: classes) {
      throw .unsupported("the array classes: \(obstacle)")
    }
    return model.classifying(classes)
  }

  package func obstacle(to state: ModelState) -> String? {
    // Entries, and the archive, end at 4 GiB without zip64.
    let numbers = state.network.layers.reduce(0) { $0 + $1.weights.count + $1.bias.count }
    return FoldedNetwork.obstacle(to: state)
      ?? (4 * numbers + state.network.weightCount > Int(UInt32.max) - 1 << 24 ? Self.tooLarge : nil)
  }

  package func bytes(of export: ModelExport) throws(ModelFileError) -> [UInt8] {
    let network: FoldedNetwork
    do throws(FoldingError) {
      network = try FoldedNetwork(export.state)
    } catch {
      throw .unsupported("\(error)")
    }
    let (tensors, description) = StateDictFormat.content(of: network, export)
    var arrays = tensors.map { tensor in
      (
        name: tensor.name,
        content: NPYFile.start(type: "<f4", shape: tensor.shape) + TensorValues.bytes(tensor.values)
      )
    }
    let activations = export.state.network.layers.dropLast().map(\.activation.rawValue)
    arrays.append(("activation", NPYFile.bytes(of: activations)))
    if let classes = export.classes { arrays.append(("classes", NPYFile.bytes(of: classes))) }
    arrays.append((StateDictDescription.name, NPYFile.bytes(of: [description.text])))
    guard let bytes = NPZ.bytes(of: arrays) else { throw .unsupported(Self.tooLarge) }
    return bytes
  }

  private static let tooLarge =
    "an NPZ file ends at 4 GiB, which the network is beyond; write a safetensors file"
}

extension NPZFormat {
  /// All arrays of the file, in its order.
  private static func arrays(
    of bytes: [UInt8], path: String
  ) throws(ModelFileError) -> [(name: String, array: NPZArray)] {
    let file = FilePaths.name(of: path)
    let most = SafetensorsHeader.mostTensors
    var left = MemoryAllowance.perFile
    var arrays: [(name: String, array: NPZArray)] = []
    var names: Set<String> = []
    do {
      let archive = try ZipArchive(bytes, file: file)
      guard archive.entries.count <= most else {
        throw ModelFileError.unsupported(
          "there are more than \(most) arrays; use a smaller network")
      }
      for entry in archive.entries {
        guard entry.name.hasSuffix(suffix), case let name = String(entry.name.dropLast(4)),
          names.insert(name).inserted
        else {
          throw ModelFileError.unsupported(
            "the entry \(entry.name.quotedExcerpt) is no array, or is there twice; save the network alone"
          )
        }
        try MemoryLack.refuse(Double(entry.size))
        let content = try archive.content(of: entry, in: bytes, limit: left)
        left -= content.count
        arrays.append((name, try NPZArray(content, place: name)))
      }
    } catch let error as MemoryLack {
      throw .unsupported("\(StateDictError.memory(error))")
    } catch let error as ArrayFileError {
      throw failure(error, in: file)
    } catch let error as ModelFileError {
      throw error
    } catch {
      throw .damaged(reason: "\(error)")
    }
    return arrays
  }

  /// What is wrong with an archive, or an array in it.
  ///
  /// - Parameter file: the archive's name, which is not said again; nil for an array.
  static func failure(_ error: ArrayFileError, in file: String? = nil) -> ModelFileError {
    var place = error.place
    if let file {
      if place == file { place = "" }
      if place.hasPrefix(file + ":") { place = String(place.dropFirst(file.count + 1)) }
    }
    let text = place.isEmpty ? "\(error)" : "\(place): \(error)"
    return switch error {
    case .otherFormat, .unsupported, .tooLarge: .unsupported(text)
    case .malformed, .compression: .damaged(reason: text)
    }
  }

  /// The texts called `name`, which is no array of the network; nil where there are none. No texts at all
  /// may come as an array of numbers without elements.
  private static func texts(
    _ name: String, _ arrays: inout [(name: String, array: NPZArray)]
  ) throws(ModelFileError) -> [String]? {
    guard let index = arrays.firstIndex(where: { $0.name == name }) else { return nil }
    switch arrays.remove(at: index).array {
    case .texts(let texts): return texts
    case .numbers(_, let values) where values.isEmpty: return []
    case .whole(count: 0): return []
    case .numbers, .whole: throw noTexts(name)
    }
  }

  /// The arrays that are no part of the network.
  static let textNames = [
    "activation", "out_activation", "classes", StateDictDescription.name,
  ]

  /// That the array `name`, which is to be of texts, is of something else.
  static func noTexts(_ name: String) -> ModelFileError {
    .unsupported(
      "the array \(name) has other elements than texts, which belong there; save it as texts "
        + "(array.astype(str))")
  }

  /// What follows the hidden layers, in one word or one each; nil where the file does not say it.
  private static func activations(
    _ arrays: inout [(name: String, array: NPZArray)]
  ) throws(ModelFileError) -> [Activation]? {
    guard let words = try texts("activation", &arrays) else { return nil }
    var activations: [Activation] = []
    for word in words {
      // As scikit-learn calls it.
      let known = word == "logistic" ? Activation.sigmoid.rawValue : word
      guard let activation = Activation(rawValue: known) else {
        throw .unsupported(
          "the activation is \(word.quotedExcerpt); supported are "
            + Activation.allCases.map(\.rawValue).joined(separator: ", "))
      }
      activations.append(activation)
    }
    return activations
  }

  /// `stated` for a network with so many hidden layers.
  /// - Throws: `StateDictError.activationCount` where it is of another one.
  private static func activations(
    _ stated: [Activation]?, hidden: Int
  ) throws(StateDictError) -> [Activation]? {
    guard let stated, stated.count != 1, stated.count != hidden else { return stated }
    throw .activationCount(stated.count, hidden: hidden)
  }

  /// Why what scikit-learn has behind the outputs cannot be; nil for what gives probabilities of classes of
  /// which there is one, and for nothing.
  private static func obstacle(toEnd word: String, outputs: Int) -> String? {
    switch (word, outputs) {
    case ("identity", _), ("softmax", _), ("logistic", 1): nil
    case ("logistic", _):
      "out_activation is logistic for \(outputs) outputs: a classifier of several labels at once, whose outputs "
        + "would be taken for a choice of one class; fit a classifier for each label"
    default:
      "out_activation is \(word.quotedExcerpt), which is not computed here; supported are identity, softmax, and "
        + "logistic for one output"
    }
  }

  /// A state dict of `arrays`, those of scikit-learn with the names and shapes of PyTorch. They are taken out of
  /// `arrays`, so that each is in memory once.
  private static func stateDict(
    _ arrays: inout [(name: String, array: NPZArray)], _ metadata: JSONObject
  ) throws(StateDictError) -> StateDict {
    var tensors: [SafetensorsHeader.Tensor] = []
    var contents: [String: [Float]] = [:]
    arrays.reverse()
    while var (name, array) = arrays.popLast() {
      if name.hasPrefix("coefs_"), let turned = try array.transposed() {
        (name, array) = (name + ".weight", turned)
      } else if name.hasPrefix("intercepts_") {
        name = "coefs_" + name.dropFirst("intercepts_".count) + ".bias"
      }
      guard case .numbers(let shape, let values) = array, contents[name] == nil else {
        throw .name(name)
      }
      tensors.append(SafetensorsHeader.Tensor(name: name, type: .f32, shape: shape, range: 0..<0))
      contents[name] = values
    }
    return try StateDict(tensors, metadata: metadata) { tensor, _ in
      contents.removeValue(forKey: tensor.name) ?? []
    }
  }
}
