import Storage

extension ONNXChain {
  /// alpha · A B + beta · C, B being the weights.
  mutating func gemm(_ node: ONNXNode) throws(ONNXError) -> Value {
    guard node.integer("transA", 0) == 0 else {
      throw node.fails("transposes what the layer below gives (transA); export it without")
    }
    let alpha = Double(try node.number("alpha", 1))
    let beta = Double(try node.number("beta", 1))
    let below = try signal(0, of: node)
    let weights = try weights(1, of: node)
    var bias: ONNXTensor?
    if node.inputs.count > 2, !node.inputs[2].isEmpty { bias = try self.weights(2, of: node) }
    let isTransposed = node.integer("transB", 0) != 0
    let value = try add(
      node, isTransposed ? weights : weights.transposed(), factor: alpha, to: below)
    if let bias {
      let shift = try numbers(bias, for: layers[layers.count - 1].outputs, node)
      layers[layers.count - 1].apply(ONNXAffine(shift: shift.map { beta * $0 }))
    }
    return value
  }

  /// A B, B being the weights.
  mutating func matMul(_ node: ONNXNode) throws(ONNXError) -> Value {
    let below = try signal(0, of: node)
    return try add(node, weights(1, of: node).transposed(), factor: 1, to: below)
  }

  /// Puts a layer of `weights`, [outputs, inputs], behind `below`.
  private mutating func add(
    _ node: ONNXNode, _ weights: ONNXTensor?, factor: Double, to below: Signal
  ) throws(ONNXError) -> Value {
    guard let weights, weights.shape.count == 2, let floats = weights.floats,
      case let (outputs, inputs) = (weights.shape[0], weights.shape[1]), outputs > 0, inputs > 0
    else { throw node.fails("has weights that are no matrix; \(ONNXError.supported)") }
    if let lengths = below.lengths, lengths.count > 1 {
      throw node.fails(
        "takes samples of the shape \(lengths), and a layer takes rows; put a Flatten before it")
    }
    if let width = width(of: below), width != inputs {
      throw node.fails(
        "takes \(counted(inputs, "input")), and what is below gives \(width); export the file again"
      )
    }
    let most = StateDictLayout.limits.layers
    weightCount += floats.count
    guard layers.count < most else {
      throw .tooLarge("the graph has more layers than \(most)")
    }
    // The matrices that they become. The same constant can be the weights of many layers.
    try ONNXError.demand(4 * Double(weightCount))
    let affine = try close(below, "what \(node.name) takes")
    layers.append(
      ONNXLayer(
        node.name, weights: floats, outputs: outputs, inputs: inputs, factor: factor, below: affine)
    )
    return .signal(Signal(stage: layers.count, lengths: [outputs]))
  }

  /// (x − mean) / √(var + epsilon) · scale + bias, with the numbers of training.
  mutating func batchNormalization(_ node: ONNXNode) throws(ONNXError) -> Value {
    guard node.integer("training_mode", 0) == 0 else {
      throw node.fails("is in training; export the network in eval()")
    }
    var signal = try signal(0, of: node)
    guard signal.lengths?.count ?? 1 == 1 else {
      throw node.fails("normalizes channels of images; \(ONNXError.supported)")
    }
    let epsilon = Double(try node.number("epsilon", 1e-5))
    var parameters: [[Double]] = []
    for index in 1...4 {
      let tensor = try weights(index, of: node)
      parameters.append(try numbers(tensor, for: width(of: signal) ?? tensor.count, node))
    }
    let count = parameters[0].count
    guard parameters.allSatisfy({ $0.count == count }) else {
      throw node.fails("has parameters of different lengths; export the file again")
    }
    let scale = zip(parameters[0], parameters[3]).map { $0 / ($1 + epsilon).squareRoot() }
    guard scale.allSatisfy(\.isFinite) else {
      throw node.fails("divides by the root of a variance that is not above 0; correct it")
    }
    let shift = (0..<count).map { parameters[1][$0] - scale[$0] * parameters[2][$0] }
    apply(ONNXAffine(scale: scale, shift: shift), to: &signal, of: node, 0)
    return .signal(signal)
  }

  /// Applies a scale and a shift of columns to `signal`, input `index` of `node`: to the layer itself where
  /// nothing else takes what it gives.
  mutating func apply(
    _ affine: ONNXAffine, to signal: inout Signal, of node: ONNXNode, _ index: Int
  ) {
    if signal.stage > 0, signal.term == .input, signal.affine == nil,
      graph.uses[node.inputs[index]] == 1
    {
      layers[signal.stage - 1].apply(affine)
    } else {
      signal.affine = signal.affine?.then(affine) ?? affine
    }
  }

  /// The numbers of `tensor` for `count` columns: one for all, or one for each.
  func numbers(
    _ tensor: ONNXTensor, for count: Int?, _ node: ONNXNode
  ) throws(ONNXError) -> [Double] {
    guard let floats = tensor.floats, tensor.shape.dropLast().allSatisfy({ $0 == 1 }),
      floats.count == 1 || floats.count == count ?? floats.count
    else {
      throw node.fails(
        "has numbers of the shape \(tensor.shape) for \(count.map(String.init) ?? "an unknown number of") "
          + "columns; allowed are one number, or one a column")
    }
    return floats.map(Double.init)
  }
}
