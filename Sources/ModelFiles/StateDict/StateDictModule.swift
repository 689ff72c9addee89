/// The tensors of one module of a state dict, by what their names say they are.
///
/// `fc1.weight` is the parameter `weight` of the module `fc1`. A weight with a mask comes as the pair
/// `weight_orig` and `weight_mask`, as torch.nn.utils.prune has it: the weight is their product.
struct StateDictModule: Sendable, Equatable {
  typealias Tensor = SafetensorsHeader.Tensor

  /// A parameter that may have a mask.
  struct Parameter: Sendable, Equatable {
    let tensor: Tensor
    /// As long as the tensor; nil without one.
    let mask: Tensor?
  }

  /// Up to the dot before the parameter; empty for a module on its own.
  let path: String
  let weight: Parameter?
  let bias: Parameter?

  /// The modules of `tensors`, in the order of their first tensors.
  /// - Throws: `StateDictError` for what no module that can be read has.
  static func all(of tensors: [Tensor]) throws(StateDictError) -> [StateDictModule] {
    var paths: [String] = []
    var members: [String: [String: Tensor]] = [:]
    for tensor in tensors {
      let dot = tensor.name.lastIndex(of: ".")
      let path = dot.map { String(tensor.name[..<$0]) } ?? ""
      let parameter =
        dot.map { String(tensor.name[tensor.name.index(after: $0)...]) } ?? tensor.name
      if members[path] == nil { paths.append(path) }
      members[path, default: [:]][parameter] = tensor
    }
    // The rest of such a module, its bias, may come first.
    for path in paths {
      if case .weightNorm(let name)? = ForeignModule(path: path, parameters: []) {
        throw .foreign(.weightNorm(path: name))
      }
    }
    var modules: [StateDictModule] = []
    for path in paths {
      let own = members[path] ?? [:]
      if let foreign = ForeignModule(
        path: path, parameters: own.keys.sorted(),
        isBeforeLinear: isBeforeLinear(path, own, tensors))
      {
        throw .foreign(foreign)
      }
      modules.append(try StateDictModule(path: path, own))
    }
    return modules
  }

  /// Whether the module at `path`, a normalization of a mean a unit, comes before every layer: by the
  /// numbers of an nn.Sequential, else because no layer gives as many units and one takes as many.
  private static func isBeforeLinear(
    _ path: String, _ members: [String: Tensor], _ tensors: [Tensor]
  ) -> Bool {
    let layers = tensors.filter { $0.shape.count == 2 && $0.name.hasSuffix("weight") }
    let place = Place(path: path)
    let kin = layers.map { Place(path: String($0.name.dropLast(".weight".count))) }
      .filter { $0.stem == place.stem }
    if !kin.isEmpty { return kin.allSatisfy(place.isBefore) }
    guard let units = members["running_mean"]?.shape.first else { return false }
    return layers.contains { $0.shape[1] == units } && !layers.contains { $0.shape[0] == units }
  }

  private init(path: String, _ members: [String: Tensor]) throws(StateDictError) {
    let known = ["weight", "bias"].flatMap { [$0, $0 + "_orig", $0 + "_mask"] }
    let unknown = members.keys.filter { !known.contains($0) }.min()
    if let unknown, let tensor = members[unknown] { throw .name(tensor.name) }
    self.path = path
    weight = try Self.parameter("weight", of: members)
    bias = try Self.parameter("bias", of: members)
    if let weight, let bias, weight.tensor.shape.count == 1 {
      guard bias.tensor.shape == weight.tensor.shape else {
        throw .tensor(bias.tensor.name, .strayedBias)
      }
      throw .foreign(.normalization(weight: weight.tensor.name))
    }
    if let weight, weight.tensor.shape.count == 1, isCalledNormalization {
      throw .foreign(.gain(weight: weight.tensor.name))
    }
    if weight == nil, let bias { throw .tensor(bias.tensor.name, .strayedBias) }
  }

  private static func parameter(
    _ name: String, of members: [String: Tensor]
  ) throws(StateDictError) -> Parameter? {
    switch (members[name], members[name + "_orig"], members[name + "_mask"]) {
    case (nil, nil, nil): return nil
    case (let tensor?, nil, nil): return Parameter(tensor: tensor, mask: nil)
    case (nil, let original?, let mask?):
      guard original.shape == mask.shape else {
        throw .tensor(mask.name, .maskShape(mask.shape, of: original.shape))
      }
      return Parameter(tensor: original, mask: mask)
    case (let tensor?, _, _): throw .tensor(tensor.name, .unpaired)
    case (nil, let tensor?, nil), (nil, nil, let tensor?): throw .tensor(tensor.name, .unpaired)
    }
  }

  /// The last part of the path that is no number, in small letters.
  private var ownName: String {
    path.split(separator: ".").last { !$0.allSatisfy(\.isNumber) }.map {
      $0.lowercased().filter { !$0.isNumber && $0 != "_" }
    } ?? ""
  }

  private var isCalledNormalization: Bool {
    ownName.contains("norm") || ["ln", "rms", "bn", "gn", "gain", "scale"].contains(ownName)
  }

  /// Whether it is called as a PReLU is: `prelu1`, `act`, `activation`, `slopes`.
  var isCalledSlope: Bool { ["relu", "act", "slope"].contains { ownName.contains($0) } }

  /// Whether it is a layer of weights, rather than a slope.
  var isLayer: Bool { weight.map { $0.tensor.shape.count != 1 } ?? false }
}

extension StateDictModule {
  /// A path apart from its numbers: modules of one stem come in the order of their numbers.
  struct Place: Sendable, Equatable {
    /// The path with `#` for every run of digits.
    let stem: String
    /// The runs of digits.
    let numbers: [String]

    init(path: String) {
      var stem = ""
      var numbers: [String] = []
      var digits = ""
      func end(_ stem: inout String, _ numbers: inout [String], _ digits: inout String) {
        if digits.isEmpty { return }
        numbers.append(String(digits.drop { $0 == "0" }))
        stem.append("#")
        digits = ""
      }
      for character in path {
        if character.isASCII, character.isNumber {
          digits.append(character)
        } else {
          end(&stem, &numbers, &digits)
          stem.append(character)
        }
      }
      end(&stem, &numbers, &digits)
      (self.stem, self.numbers) = (stem, numbers)
    }

    /// Whether it comes before `other`, of the same stem.
    func isBefore(_ other: Place) -> Bool {
      for (own, another) in zip(numbers, other.numbers) where own != another {
        return (own.utf8.count, own) < (another.utf8.count, another)
      }
      return false
    }
  }

  var place: Place { Place(path: path) }
}
