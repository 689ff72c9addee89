import Engine

extension ONNXChain {
  /// `function` of each number.
  mutating func function(
    _ function: ElementTerm.Function, _ node: ONNXNode
  ) throws(ONNXError) -> Value {
    var signal = try signal(0, of: node)
    guard signal.affine == nil else { throw Self.unknown(node) }
    signal.term = try known(signal.term.applying(function), node)
    return .signal(signal)
  }

  /// PRelu with a slope for all units, or one for each.
  mutating func prelu(_ node: ONNXNode) throws(ONNXError) -> Value {
    let slopes = try numbers(weights(1, of: node), for: width(of: signal(0, of: node)), node)
    return try function(.prelu(slopes: slopes.map { Float($0) }), node)
  }

  /// Gelu by the exact normal distribution.
  mutating func gelu(_ node: ONNXNode) throws(ONNXError) -> Value {
    guard ["", "none"].contains(node.text("approximate")) else {
      throw node.fails(
        "is an approximation (\(node.text("approximate").excerpt)), which differs from GELU by up to 0.0005; "
          + "train with the exact one, in PyTorch nn.GELU()")
    }
    return try function(.activation(.gelu), node)
  }

  /// x · sigmoid(alpha x) with alpha = 1.
  mutating func swish(_ node: ONNXNode) throws(ONNXError) -> Value {
    let alpha = try node.number("alpha", 1)
    guard alpha == 1 else {
      throw node.fails("has alpha = \(alpha), and only 1, which is SiLU, is known here")
    }
    return try function(.activation(.silu), node)
  }

  /// Add, Sub, Mul or Div: of the network's values and a constant, or of two functions of one layer.
  mutating func arithmetic(_ node: ONNXNode) throws(ONNXError) -> Value {
    switch (try input(0, of: node), try input(1, of: node)) {
    case (.signal, .constant): return try arithmetic(node, signal: 0, constant: 1)
    case (.constant, .signal): return try arithmetic(node, signal: 1, constant: 0)
    case (.signal, .signal): return try combination(node)
    case (.constant, .constant):
      throw node.fails("computes with constants alone; export the file with constant folding")
    }
  }

  private mutating func arithmetic(
    _ node: ONNXNode, signal index: Int, constant: Int
  ) throws(ONNXError) -> Value {
    var signal = try signal(index, of: node)
    let tensor = try weights(constant, of: node)
    if signal.lengths?.count ?? 1 > 1, tensor.scalar == nil {
      throw node.fails("computes with columns before a Flatten; put it behind")
    }
    let numbers = try numbers(tensor, for: width(of: signal), node)
    let affine: ONNXAffine
    switch (node.operation, index) {
    case (.add, _): affine = ONNXAffine(shift: numbers)
    case (.sub, 0): affine = ONNXAffine(shift: numbers.map { -$0 })
    case (.sub, _): affine = ONNXAffine(scale: [-1], shift: numbers)
    case (.mul, _): affine = ONNXAffine(scale: numbers)
    case (.div, 0):
      guard !numbers.contains(0) else { throw node.fails("divides by 0; correct it") }
      affine = ONNXAffine(scale: numbers.map { 1 / $0 })
    default: throw Self.unknown(node)
    }
    let isOwn =
      signal.stage > 0 && signal.term == .input && graph.uses[node.inputs[index]] == 1
    if affine.width == 1, signal.affine == nil, !isOwn {
      // It may be part of an activation.
      let scaled = try known(signal.term.scaled(by: affine.scale[0]), node)
      signal.term = try known(scaled.shifted(by: affine.shift[0]), node)
    } else {
      apply(affine, to: &signal, of: node, index)
    }
    return .signal(signal)
  }

  /// Of two functions of what one layer gives, as in x · sigmoid(x).
  private mutating func combination(_ node: ONNXNode) throws(ONNXError) -> Value {
    var signal = try signal(0, of: node)
    let other = try self.signal(1, of: node)
    guard signal.affine == nil, other.affine == nil else { throw Self.unknown(node) }
    switch node.operation {
    case .add: signal.term = try known(signal.term.plus(other.term), node)
    case .mul: signal.term = try known(signal.term.times(other.term), node)
    default: throw Self.unknown(node)
    }
    return .signal(signal)
  }

  /// Whether the network's values are above a number.
  mutating func greater(_ node: ONNXNode) throws(ONNXError) -> Value {
    guard let threshold = try weights(1, of: node).scalar else { throw Self.unknown(node) }
    return try function(.above(threshold), node)
  }

  /// One of two functions of what one layer gives.
  mutating func choice(_ node: ONNXNode) throws(ONNXError) -> Value {
    var signal = try signal(0, of: node)
    let (one, other) = (try self.signal(1, of: node), try self.signal(2, of: node))
    guard [signal, one, other].allSatisfy({ $0.affine == nil }) else { throw Self.unknown(node) }
    signal.term = try known(signal.term.choosing(one.term, other.term), node)
    return .signal(signal)
  }

  private func known(
    _ term: ElementTerm?, _ node: ONNXNode
  ) throws(ONNXError) -> ElementTerm {
    guard let term else { throw Self.unknown(node) }
    return term
  }

  private static func unknown(_ node: ONNXNode) -> ONNXError {
    node.fails(
      "is part of no activation that is known; supported are "
        + Activation.allCases.map(\.rawValue).joined(separator: ", "))
  }
}
