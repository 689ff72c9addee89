import Engine
import NeuralNetworks
import NumericCore
import Storage

/// Networks as NumPy has them: an archive of arrays with the names of a state dict, `0.weight` [out, in],
/// `0.bias` [out], or with those of scikit-learn's MLP, `coefs_0` [in, out] and `intercepts_0` [out].
///
/// Three arrays of text say what these do not: `activation`, `classes` in the order of the outputs (none
/// for regression), and `ecpipe`, which our own files have (`StateDictDescription`).
package struct NPZFormat: ModelFormat {
  package let name = "an NPZ file of weights"
  package var suffix: String? { "npz" }

  private static let suffix = ".npy"
  /// What weights are called, in a state dict and by scikit-learn.
  private static let weights = (ending: "weight.npy", kernel: "coefs_0.npy")

  /// The format.
  package init() {}

  package func recognizes(_ bytes: [UInt8], path: String) -> Bool {
    guard ZipArchive.matches(bytes), let archive = try? ZipArchive(bytes, file: path) else {
      return false
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
    let stated = try Self.activation(&arrays)
    let classes = try Self.texts("classes", &arrays)
    var metadata: JSONObject = ["format": "pt"]
    if let text = try Self.texts(StateDictDescription.name, &arrays)?.first {
      metadata[StateDictDescription.name] = .string(text)
    }
    do throws(StateDictError) {
      let dict = try StateDict(Self.stateDict(arrays, metadata))
      let said = dict.saysActivations
      let model = FileModel(
        state: ModelState(
          network: try dict.network(activation: said ? activation : stated ?? activation),
          classes: dict.classes ?? [], interface: dict.interface),
        saysTask: dict.classes != nil, saysActivations: said || stated != nil,
        units: dict.interface == nil ? .open : .raw)
      guard let classes, !model.saysTask else { return model }
      if classes.isEmpty { return model.classifying([]) }
      if let obstacle = model.obstacle(toClasses: classes) {
        throw StateDictError.description("classes: \(obstacle)")
      }
      return model.classifying(classes)
    } catch {
      throw .unsupported("\(error)")
    }
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
        let content = try archive.content(of: entry, limit: left)
        left -= content.count
        arrays.append((name, try NPZArray(content, place: name)))
      }
    } catch let error as ArrayFileError {
      throw failure(error)
    } catch let error as ModelFileError {
      throw error
    } catch {
      throw .damaged(reason: "\(error)")
    }
    return arrays
  }

  /// What is wrong with an archive, or an array in it.
  static func failure(_ error: ArrayFileError) -> ModelFileError {
    switch error {
    case .otherFormat, .unsupported, .tooLarge: .unsupported("\(error.place): \(error)")
    case .malformed, .compression: .damaged(reason: "\(error.place): \(error)")
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
    case .numbers:
      throw .unsupported("the array \(name) has numbers, where texts belong; save it as texts")
    }
  }

  /// What follows all hidden layers; nil where the file does not say it, or says it of each.
  private static func activation(
    _ arrays: inout [(name: String, array: NPZArray)]
  ) throws(ModelFileError) -> Activation? {
    guard let words = try texts("activation", &arrays), Set(words).count == 1 else { return nil }
    // As scikit-learn calls it.
    let word = words[0] == "logistic" ? Activation.sigmoid.rawValue : words[0]
    guard let activation = Activation(rawValue: word) else {
      throw .unsupported(
        "the activation is \(word.quotedExcerpt); supported are "
          + Activation.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return activation
  }

  /// A state dict of `arrays`, those of scikit-learn with the names and shapes of PyTorch.
  private static func stateDict(
    _ arrays: [(name: String, array: NPZArray)], _ metadata: JSONObject
  ) throws(StateDictError) -> [UInt8] {
    var tensors: [(name: String, shape: [Int], values: [Float])] = []
    for (name, array) in arrays {
      var (name, array) = (name, array)
      if name.hasPrefix("coefs_"), let turned = array.transposed {
        (name, array) = (name + ".weight", turned)
      } else if name.hasPrefix("intercepts_") {
        name = "coefs_" + name.dropFirst("intercepts_".count) + ".bias"
      }
      guard case .numbers(let shape, let values) = array else { throw .name(name) }
      tensors.append((name, shape, values))
    }
    do throws(SafetensorsError) {
      let header = try SafetensorsHeader(
        placing: tensors.map { ($0.name, .f32, $0.shape) }, metadata: metadata)
      return tensors.reduce(into: header.bytes) { $0 += TensorValues.bytes($1.values) }
    } catch {
      throw .container(error)
    }
  }
}
