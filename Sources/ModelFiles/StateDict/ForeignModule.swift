/// Modules of PyTorch that are no layer of a fully-connected network, by the names of their tensors.
package enum ForeignModule: Error, Equatable, Sendable {
  /// It has running means; `isBeforeLinear` where it stands before the layer that it can be folded into.
  case batchNorm(path: String, isBeforeLinear: Bool)
  /// A weight and a bias for each unit.
  case normalization(weight: String)
  /// A weight for each unit, of a module that is called as a normalization is.
  case gain(weight: String)
  /// A weight in two parts: its length and its direction.
  case weightNorm(path: String)
  /// A weight divided by its largest singular value.
  case spectralNorm(path: String)
  /// An LSTM, a GRU, or another.
  case recurrent(path: String)
  /// Attention of several heads.
  case attention(path: String)

  /// What the module at `path` is that has tensors with these names; nil where they do not tell.
  ///
  /// - Parameter isBeforeLinear: whether the layer that it can be folded into is the one behind it.
  init?(path: String, parameters: [String], isBeforeLinear: Bool = false) {
    if parameters.contains(where: { ["running_mean", "running_var"].contains($0) }) {
      self = .batchNorm(path: path, isBeforeLinear: isBeforeLinear)
    } else if parameters.contains("weight_u") {
      self = .spectralNorm(path: path)
    } else if parameters.contains("weight_g") {
      self = .weightNorm(path: path)
    } else if let start = path.firstRange(of: "parametrizations.") {
      // weight_norm has original0 and original1 there, spectral_norm original and 0._u.
      self = .weightNorm(path: String(path[..<start.lowerBound].dropLast()))
    } else if parameters.contains(where: { $0.hasPrefix("weight_ih") }) {
      self = .recurrent(path: path)
    } else if parameters.contains("in_proj_weight") {
      self = .attention(path: path)
    } else {
      return nil
    }
  }
}

extension ForeignModule: CustomStringConvertible {
  /// What it is and what to do, as a clause.
  package var description: String {
    switch self {
    case .batchNorm(let path, isBeforeLinear: true):
      "'\(path)' is a BatchNorm before a Linear; fold it into the Linear behind it, of the network in "
        + "eval(): s = norm.weight / (norm.running_var + norm.eps)**0.5; linear.bias.data += "
        + "linear.weight.data @ (norm.bias - s * norm.running_mean); linear.weight.data *= s; and save "
        + "the network without it"
    case .batchNorm(let path, isBeforeLinear: false):
      "'\(path)' is a BatchNorm; fold it into the Linear before it, of the network in eval(), with "
        + "torch.nn.utils.fusion.fuse_linear_bn_eval(linear, norm), and save the network without it"
    case .normalization(let weight):
      "'\(weight)' has a bias of its own shape: a normalization (LayerNorm, GroupNorm, …), which "
        + "depends on every sample and cannot be folded; train the network without it"
    case .gain(let weight):
      "'\(weight)' is called as the weight of a normalization (RMSNorm, LayerNorm without bias, …), which "
        + "depends on every sample and cannot be folded; train the network without it"
    case .weightNorm(let path):
      "'\(path)' has a parametrized weight (weight_norm, spectral_norm, …); before saving call "
        + "torch.nn.utils.parametrize.remove_parametrizations(module, \"weight\") or "
        + "torch.nn.utils.remove_weight_norm(module)"
    case .spectralNorm(let path):
      "'\(path)' has a spectral norm; before saving call "
        + "torch.nn.utils.remove_spectral_norm(module)"
    case .recurrent(let path):
      "'\(path)' is a recurrent module; \(StateDictError.supported)"
    case .attention(let path):
      "'\(path)' is a module of attention; \(StateDictError.supported)"
    }
  }
}
