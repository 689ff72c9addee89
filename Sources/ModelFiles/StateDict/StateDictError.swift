import Engine
import Storage

/// Why a safetensors file is no fully-connected network that can be read, or written back.
package enum StateDictError: Error, Equatable, Sendable {
  /// The file is no sound safetensors file, or cannot be laid out.
  case container(SafetensorsError)
  /// There is no tensor at all.
  case empty
  /// A name that does not end in `weight` or `bias`.
  case name(String)
  /// A module that is no layer of a fully-connected network.
  case foreign(ForeignModule)
  /// No order of the layers, which are given with their shapes, is one in which their widths fit.
  case noChain([String])
  /// Several orders of the layers are.
  case ambiguous([[String]])
  /// One tensor cannot be what its name says.
  case tensor(String, TensorProblem)
  /// A layer takes other inputs than the layer below gives.
  case widths(tensor: String, inputs: Int, below: String, outputs: Int)
  /// What `__metadata__["ecpipe"]` says is not what an export says, or not of these tensors.
  case description(String)
  /// Neither the file nor the caller says what follows these layers.
  case activationUnknown(layers: [String])
  /// The file says so many activations, neither one nor one for each hidden layer.
  case activationCount(Int, hidden: Int)
  /// The caller says prelu, and the file has no slope for this layer.
  case slopeMissing(layer: String)
  /// The layer has a bias to be written and no tensor for it.
  case noBias(layer: String, weight: String)
  /// A value to be written is not finite.
  case notFinite(layer: String)
  /// The network does not fit into memory.
  case memory(MemoryLack)

  /// What can be wrong with one tensor.
  package enum TensorProblem: Equatable, Sendable {
    /// Elements of a type that is not read.
    case type(SafetensorsType)
    /// NaN, infinite or beyond Float32.
    case notFinite(index: Int)
    /// Neither [out, in] nor [1].
    case shape([Int])
    /// A number of slopes that is neither one nor one for each unit of the layer.
    case slopes(count: Int, units: Int)
    /// A number a unit, of a PReLU or of a normalization.
    case slopeUnclear
    /// A slope of which neither name nor length says what layer it follows.
    case placeUnknown
    /// One of a weight and its mask without the other, or beside the product of the two.
    case unpaired
    /// A mask of another shape than its weight.
    case maskShape([Int], of: [Int])
    /// A slope that follows no layer, or a second one behind a layer.
    case strayedSlope
    /// A slope behind the last layer.
    case outputSlope
    /// A bias without weights.
    case strayedBias
    /// A bias of another length than the weights have rows.
    case biasLength(shape: [Int], rows: Int)
    /// The parts of a weight without its zeros do not make one; why.
    case bitmask(String)
    /// More layers, or a wider one, than a network may have.
    case tooLarge(limit: Int)
  }
}

extension StateDictError: CustomStringConvertible {
  /// What is wrong, where, and what to do, as a clause that goes on from the name of a file.
  package var description: String {
    switch self {
    case .container(let error): "\(error)"
    case .empty: "there is no tensor in the file; \(Self.supported)"
    case .name(let name):
      "tensor '\(name)' is no part of a fully-connected network; \(Self.supported)"
    case .foreign(let module): "\(module)"
    case .noChain(let layers):
      "there is no order in which each layer takes as many inputs as the one before it gives "
        + "(\(layers.joined(separator: ", "))); \(Self.supported)"
    case .ambiguous(let orders):
      "the layers fit one another in several orders ("
        + orders.map { $0.joined(separator: ", ") }.joined(separator: "; or ")
        + "), and safetensors keeps none; save them under numbers: save_file({f\"{i}.{k}\": v for i, "
        + "layer in enumerate([net.first, net.second]) for k, v in layer.state_dict().items()}, …)"
    case .tensor(let name, let problem): "tensor '\(name)' \(problem)"
    case .widths(let tensor, let inputs, let below, let outputs):
      "tensor '\(tensor)' takes \(inputs) inputs where '\(below)' gives \(outputs); "
        + "the layers have to follow one another in the order of their numbers"
    case .description(let problem):
      "the metadata \"ecpipe\" do not fit the tensors (\(problem)); export the network again, or "
        + "write the file without these metadata"
    case .activationUnknown(let layers):
      "the file does not say which activation follows \(layers.joined(separator: ", ")); say it "
        + "(--activation, or activation beside start), one of: \(Self.words)"
    case .activationCount(let count, let hidden):
      "the array activation has \(counted(count, "word")), and the network "
        + "\(counted(hidden, "hidden layer")); give one for all, or one for each"
    case .slopeMissing(let layer):
      "prelu was given, and the file has no slope (NAME.weight [1] or [out]) behind \(layer); write the file "
        + "with its PReLU modules, or give another activation"
    case .noBias(let layer, let weight):
      "\(layer) ('\(weight)') has no bias, and compensation shifts biases; write the network with "
        + "bias=True (zeros will do)"
    case .notFinite(let layer):
      "\(layer) is not finite any more; scale the data"
    case .memory(let lack): "reading it \(lack)"
    }
  }

  /// What a file can hold.
  static let supported =
    "supported are Linear layers (NAME.weight [out, in], NAME.bias [out]) and a PReLU "
    + "(NAME.weight [1], or [out] with a slope a unit) behind a layer"

  private static let words = Activation.allCases.filter { $0 != .prelu }.map(\.rawValue)
    .joined(separator: ", ")
}

extension StateDictError.TensorProblem {
  /// That values are no numbers of a network.
  init(_ problem: TensorValues.Problem) {
    switch problem {
    case .type(let type): self = .type(type)
    case .notFinite(let index): self = .notFinite(index: index)
    }
  }
}

extension StateDictError.TensorProblem: CustomStringConvertible {
  /// What is wrong and what to do, as a clause that goes on from the name of a tensor.
  package var description: String {
    switch self {
    case .type(let type):
      "has elements of type \(type.rawValue); supported are "
        + TensorValues.types.map(\.rawValue).joined(separator: ", ")
    case .notFinite(let index):
      "holds at element \(index) a value that is not finite in 32 bits; correct it"
    case .shape(let shape):
      "has the shape \(shape); \(StateDictError.supported)"
    case .slopes(let count, let units):
      "has \(count) numbers, and a PReLU behind a layer of \(units) units has 1 or \(units)"
    case .slopeUnclear:
      "has a number for each unit and no bias, and no name that tells a PReLU from a normalization "
        + "(RMSNorm); if it is a PReLU with a slope a unit, say so (--activation prelu, or activation: prelu "
        + "beside start); a normalization cannot be read"
    case .placeUnknown:
      "is the slope of a PReLU, and its name does not say what layer it follows; number them as an "
        + "nn.Sequential does, or give every hidden layer a PReLU of its own (act1, act2, …)"
    case .unpaired:
      "belongs to a pair that is not whole: a pruned weight is weight_orig and weight_mask together; "
        + "call torch.nn.utils.prune.remove(module, \"weight\") before saving"
    case .maskShape(let shape, let other):
      "has the shape \(shape), and what it masks \(other); they have to be the same"
    case .strayedSlope:
      "is a single slope that does not follow a layer of its own; \(StateDictError.supported)"
    case .outputSlope:
      "is a slope behind the last layer, which has no activation here; leave that PReLU out"
    case .strayedBias:
      "is a bias without the weights of its layer; \(StateDictError.supported)"
    case .biasLength(let shape, let rows):
      "has the shape \(shape) where the layer has \(rows) outputs; its shape has to be [\(rows)]"
    case .bitmask(let problem):
      "is in the layout sparse-bitmask, and \(problem); write the file again"
    case .tooLarge(let limit):
      "goes beyond the \(limit) allowed; use a smaller network"
    }
  }
}
