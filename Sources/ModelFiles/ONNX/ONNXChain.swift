import Engine
import NeuralNetworks

/// The layers that the nodes of a graph make, one behind another.
///
/// A value between nodes is a function of what the last layer before it gives (`Signal`): what the nodes
/// in between compute, in a normal form. The next layer, or the output, closes it: then it has to be one of
/// the activations of a network, with a scale and a shift that are folded into the layers beside it.
struct ONNXChain {
  /// What flows between nodes.
  struct Signal {
    /// Layers below.
    let stage: Int
    /// Of each number that the layer gives.
    var term = ElementTerm.input
    /// What is done to its columns then.
    var affine: ONNXAffine?
    /// Lengths of a sample; nil where they are not known.
    var lengths: [Int]?
    /// What turns outputs into probabilities, which nothing may follow.
    var ending: ONNXOperator?
  }

  /// What a name of the graph stands for.
  enum Value {
    case constant(ONNXTensor)
    case signal(Signal)
  }

  var graph: ONNXGraph
  /// From the inputs upwards.
  var layers: [ONNXLayer] = []
  /// Sentences for the user: what was left out.
  private(set) var notes: [String] = []
  /// Whether each output is the logit of a yes or no of its own.
  private(set) var endsInSigmoid = false
  private var values: [String: Value]
  /// Weights that were read, together.
  var weightCount = 0

  /// - Throws: `ONNXError` for a graph that is no fully-connected network.
  init(_ graph: ONNXGraph) throws(ONNXError) {
    self.graph = graph
    values = [graph.input.name: .signal(Signal(stage: 0, lengths: graph.input.dimensions))]
    for node in graph.nodes {
      guard let output = node.outputs.first, !output.isEmpty else {
        throw node.fails("gives nothing; export the file again")
      }
      values[output] = try value(of: node)
    }
    try finish()
  }

  private mutating func value(of node: ONNXNode) throws(ONNXError) -> Value {
    switch node.operation {
    case .gemm: try gemm(node)
    case .matMul: try matMul(node)
    case .batchNormalization: try batchNormalization(node)
    case .add, .sub, .mul, .div: try arithmetic(node)
    case .relu: try function(.activation(.relu), node)
    case .leakyRelu: try function(.leakyRelu(slope: node.number("alpha", 0.01)), node)
    case .prelu: try prelu(node)
    case .tanh: try function(.activation(.tanh), node)
    case .sigmoid: try function(.activation(.sigmoid), node)
    case .softplus: try function(.activation(.softplus), node)
    case .gelu: try gelu(node)
    case .swish: try swish(node)
    case .erf: try function(.erf, node)
    case .greater: try greater(node)
    case .choice: try choice(node)
    case .identity: try input(0, of: node)
    case .dropout: try dropout(node)
    case .flatten: try flatten(node)
    case .reshape: try reshape(node)
    case .softmax, .logSoftmax: try softmax(node)
    case .constant: .constant(try graph.constant(of: node))
    case .transpose: try transpose(node)
    case .cast: try cast(node)
    case .castLike: .constant(try weights(0, of: node))
    case .concat: try concat(node)
    }
  }

  // MARK: Inputs of nodes

  /// The value of input `index`.
  /// - Throws: `ONNXError` where there is none, or its node comes later.
  mutating func input(_ index: Int, of node: ONNXNode) throws(ONNXError) -> Value {
    guard index < node.inputs.count, case let name = node.inputs[index], !name.isEmpty else {
      throw node.fails("has no input \(index + 1); export the file again")
    }
    if let value = values[name] { return value }
    if let constant = try graph.constant(name) { return .constant(constant) }
    throw node.fails(
      "takes '\(name.excerpt)', which nothing before it gives: nodes go round in a circle, or are out of "
        + "order; export the file again")
  }

  /// Input `index`, which has to be the network's own values, as they are behind the last layer.
  mutating func signal(_ index: Int, of node: ONNXNode) throws(ONNXError) -> Signal {
    guard case .signal(let signal) = try input(index, of: node) else {
      throw node.fails("has a constant as input \(index + 1), where the network's values belong")
    }
    guard signal.stage == layers.count else {
      throw node.fails(
        "takes '\(node.inputs[index].excerpt)' from before another layer: the graph branches, and a "
          + "fully-connected network is one chain")
    }
    if let ending = signal.ending {
      throw node.fails("follows \(ending.rawValue), which can only be the end; leave both out")
    }
    return signal
  }

  /// Input `index`, which has to be a constant of floating-point numbers.
  mutating func weights(_ index: Int, of node: ONNXNode) throws(ONNXError) -> ONNXTensor {
    guard case .constant(let tensor) = try input(index, of: node) else {
      throw node.fails(
        "has no constant as input \(index + 1): weights and numbers have to be in the file")
    }
    guard tensor.floats != nil else {
      throw node.fails(
        "has whole numbers (INT64 or BOOL) as input \(index + 1), '\(node.inputs[index].excerpt)', where "
          + "floating-point numbers belong; export the network in 32 bits")
    }
    return tensor
  }

  /// Numbers in a sample of `signal`; nil where that is not known.
  func width(of signal: Signal) -> Int? {
    signal.stage == 0 ? signal.lengths?.reduce(1, *) : layers[signal.stage - 1].outputs
  }

  // MARK: Ends

  /// Ends what `signal` is: gives its activation to the layer below, and returns what is left to be folded
  /// into the one above, or into its outputs.
  mutating func close(
    _ signal: Signal, _ place: @autoclosure () -> String
  ) throws(ONNXError) -> ONNXAffine? {
    guard let found = signal.term.recognized else {
      throw .graph(
        "\(place()) is no activation that is known; supported are "
          + Activation.allCases.map(\.rawValue).joined(separator: ", "))
    }
    var affine =
      found.scale == 1 && found.shift == 0
      ? nil : ONNXAffine(scale: [found.scale], shift: [found.shift])
    if signal.stage == 0 {
      guard found.activation == .identity else {
        throw .graph(
          "\(found.activation.rawValue) comes before the first layer, and activations follow layers here"
        )
      }
    } else if found.activation == .identity {
      if let own = affine { layers[signal.stage - 1].apply(own) }
      affine = nil
    } else {
      layers[signal.stage - 1].activation = found
    }
    guard let after = signal.affine else { return affine }
    return affine?.then(after) ?? after
  }

  /// Closes the output.
  private mutating func finish() throws(ONNXError) {
    guard case .signal(let signal)? = values[graph.output], let last = layers.last,
      signal.stage == layers.count
    else {
      throw .graph("no layer (Gemm or MatMul) leads from the input to the output")
    }
    if signal.ending == nil, signal.term == .applied(.activation(.sigmoid), .input),
      signal.affine == nil
    {
      notes.append(Self.note(of: .sigmoid))
      endsInSigmoid = true
      return
    }
    if let ending = signal.ending { notes.append(Self.note(of: ending)) }
    let affine = try close(signal, "what follows \(last.node)")
    if let activation = layers[layers.count - 1].activation?.activation, activation != .identity {
      throw .graph(
        "the network ends in \(activation.rawValue), and nothing follows the last layer here but Softmax, "
          + "LogSoftmax or Sigmoid, which are left out; export it without that")
    }
    if let affine { layers[layers.count - 1].apply(affine) }
  }

  private static func note(of ending: ONNXOperator) -> String {
    "\(ending.rawValue) at the end is left out: the outputs are what it was given"
      + (ending == .sigmoid
        ? " (logits)" : " (logits; predict --probabilities gives probabilities)")
  }
}
