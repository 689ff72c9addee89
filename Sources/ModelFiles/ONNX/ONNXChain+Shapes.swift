extension ONNXChain {
  /// A Dropout, which does nothing outside training.
  mutating func dropout(_ node: ONNXNode) throws(ONNXError) -> Value {
    if node.inputs.count > 2, !node.inputs[2].isEmpty {
      guard case .constant(let flag) = try input(2, of: node), flag.integers == [0] else {
        throw node.fails("is in training; export the network in eval()")
      }
    }
    return .signal(try signal(0, of: node))
  }

  /// All numbers of a sample in one row.
  mutating func flatten(_ node: ONNXNode) throws(ONNXError) -> Value {
    var signal = try signal(0, of: node)
    let axis = node.integer("axis", 1)
    guard axis == 1 || axis == -(signal.lengths?.count ?? -1) else {
      throw node.fails("joins samples (axis \(axis)); export it with axis 1")
    }
    signal.lengths = signal.lengths.map { [$0.reduce(1, *)] }
    return .signal(signal)
  }

  /// A Reshape that leaves each sample's numbers in one row, or one of a constant.
  mutating func reshape(_ node: ONNXNode) throws(ONNXError) -> Value {
    guard case .constant(let target) = try input(1, of: node), let lengths = target.integers else {
      throw node.fails(
        "has a shape that is computed; export the network with nn.Flatten, or x.flatten(1), in its place"
      )
    }
    if case .constant(var tensor) = try input(0, of: node) {
      tensor.shape = try shape(lengths, of: tensor.count, node)
      return .constant(tensor)
    }
    var signal = try signal(0, of: node)
    let width = width(of: signal)
    let isBatch =
      lengths.first.map { [0, -1].contains($0) || $0 == graph.input.batch } ?? false
    guard lengths.count == 2, isBatch, lengths != [-1, -1],
      lengths[1] == -1 || lengths[1] == width
    else {
      throw node.fails(
        "gives samples of \(width.map(String.init) ?? "an unknown number of") numbers the shape "
          + "\(lengths.prefix(8)); supported is one row a sample, as nn.Flatten makes it")
    }
    signal.lengths = width.map { [$0] }
    return .signal(signal)
  }

  /// The shape that `lengths`, of which one may be -1, give to a constant of `count` elements.
  private func shape(
    _ lengths: [Int], of count: Int, _ node: ONNXNode
  ) throws(ONNXError) -> [Int] {
    let stated = lengths.filter { $0 != -1 }
    let product = stated.reduce(1.0) { $0 * Double($1) }
    let open = lengths.count - stated.count
    guard lengths.count <= 8, open <= 1,
      stated.allSatisfy({ $0 > 0 && $0 <= ONNXTensor.mostWidth }), product <= Double(count),
      count % Int(product) == 0, open == 1 || Int(product) == count
    else { throw node.fails("gives a constant the shape \(lengths.prefix(8)), which does not fit") }
    return lengths.map { $0 == -1 ? count / Int(product) : $0 }
  }

  /// The lengths of several shapes behind one another.
  mutating func concat(_ node: ONNXNode) throws(ONNXError) -> Value {
    var lengths: [Int] = []
    for index in node.inputs.indices {
      guard case .constant(let part) = try input(index, of: node), let integers = part.integers,
        part.shape.count == 1, lengths.count <= 8
      else { throw .operation(node.name) }
      lengths += integers
    }
    return .constant(ONNXTensor(shape: [lengths.count], values: .integers(lengths)))
  }

  /// Softmax or LogSoftmax over the outputs.
  mutating func softmax(_ node: ONNXNode) throws(ONNXError) -> Value {
    var signal = try signal(0, of: node)
    let axis = node.integer("axis", graph.opset < 13 ? 1 : -1)
    guard signal.stage > 0, axis == 1 || axis == -1 else {
      throw node.fails("is no Softmax over the outputs of a layer (axis \(axis))")
    }
    signal.ending = node.operation
    return .signal(signal)
  }

  /// Of weights.
  mutating func transpose(_ node: ONNXNode) throws(ONNXError) -> Value {
    guard case .constant(let tensor) = try input(0, of: node),
      node.integers("perm") ?? [1, 0] == [1, 0], let turned = try tensor.transposed()
    else { throw node.fails("transposes something else than weights; \(ONNXError.supported)") }
    return .constant(turned)
  }

  /// From one floating-point type to another: what the network computes is in 32 bits here.
  mutating func cast(_ node: ONNXNode) throws(ONNXError) -> Value {
    let type = ONNXTensor.ElementType(rawValue: Int32(truncatingIfNeeded: node.integer("to", 0)))
    let value = try input(0, of: node)
    switch (value, type) {
    case (.constant(let tensor), .some(let type))
    where tensor.floats != nil && type.floating != nil:
      return value
    case (.signal, .float), (.signal, .double): return .signal(try signal(0, of: node))
    default:
      throw node.fails(
        "turns numbers into another type (\(node.integer("to", 0))); export the network in 32 bits")
    }
  }
}
