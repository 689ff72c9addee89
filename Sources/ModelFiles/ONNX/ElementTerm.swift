import Engine

/// A function of one number that the nodes between two layers compute, in a normal form, so that an
/// activation is known however an exporter has composed it: GELU comes as one operator, or as
/// 0.5 x (1 + erf(x / √2)) in several orders; SiLU as x · sigmoid(x).
indirect enum ElementTerm: Sendable, Equatable {
  /// Functions that are one operator.
  enum Function: Sendable, Equatable {
    case erf
    case activation(Activation)
    /// Whether x is larger.
    case above(Double)
    /// max(x, 0) + slope · min(x, 0).
    case leakyRelu(slope: Float)
    /// The same with a slope for all units, or one for each.
    case prelu(slopes: [Float])
  }

  /// What the layer gives.
  case input
  case applied(Function, ElementTerm)
  /// The number times all factors, of which none is a product.
  case product(Double, [ElementTerm])
  /// The number plus all terms, of which none is a sum.
  case sum(Double, [ElementTerm])
  /// The second where the first holds, else the third.
  case choice(ElementTerm, ElementTerm, ElementTerm)

  /// The most parts of a term: far more than an activation has.
  private static let mostParts = 24

  private var parts: Int {
    switch self {
    case .input: 1
    case .applied(_, let term): 1 + term.parts
    case .product(_, let terms), .sum(_, let terms): 1 + terms.reduce(0) { $0 + $1.parts }
    case .choice(let condition, let term, let other): 1 + condition.parts + term.parts + other.parts
    }
  }

  /// Nil where it is longer than any activation.
  private var bounded: ElementTerm? { parts <= Self.mostParts ? self : nil }

  /// `function` of this; nil where that is longer than any activation, here and below.
  func applying(_ function: Function) -> ElementTerm? {
    ElementTerm.applied(function, self).bounded
  }

  /// This times `factor`.
  func scaled(by factor: Double) -> ElementTerm? {
    factor == 1 ? self : times(.product(factor, []))
  }

  /// This plus `number`.
  func shifted(by number: Double) -> ElementTerm? {
    number == 0 ? self : plus(.sum(number, []))
  }

  /// `term` where this holds, else `other`.
  func choosing(_ term: ElementTerm, _ other: ElementTerm) -> ElementTerm? {
    ElementTerm.choice(self, term, other).bounded
  }

  /// This times `other`.
  func times(_ other: ElementTerm) -> ElementTerm? {
    let (own, another) = (factors, other.factors)
    return ElementTerm.product(own.0 * another.0, own.1 + another.1).simplified.bounded
  }

  /// This plus `other`.
  func plus(_ other: ElementTerm) -> ElementTerm? {
    let (own, another) = (summands, other.summands)
    return ElementTerm.sum(own.0 + another.0, own.1 + another.1).simplified.bounded
  }

  private var factors: (Double, [ElementTerm]) {
    if case .product(let number, let terms) = self { return (number, terms) }
    return (1, [self])
  }

  private var summands: (Double, [ElementTerm]) {
    if case .sum(let number, let terms) = self { return (number, terms) }
    return (0, [self])
  }

  private var simplified: ElementTerm {
    switch self {
    case .product(1, let terms) where terms.count == 1: terms[0]
    case .sum(0, let terms) where terms.count == 1: terms[0]
    default: self
    }
  }

  /// Whether this is `pattern`, its numbers as near as Float32 has them.
  private func matches(_ pattern: ElementTerm) -> Bool {
    func near(_ number: Double, _ other: Double) -> Bool {
      abs(number - other) <= 1e-6 * abs(other)
    }
    /// In any order; patterns have no more than two parts.
    func all(_ terms: [ElementTerm], _ others: [ElementTerm]) -> Bool {
      terms.count == others.count
        && [others, others.reversed()].contains { zip(terms, $0).allSatisfy { $0.matches($1) } }
    }
    return switch (self, pattern) {
    case (.input, .input): true
    case (.applied(let function, let term), .applied(let other, let another)):
      function == other && term.matches(another)
    case (.product(let number, let terms), .product(let other, let others)),
      (.sum(let number, let terms), .sum(let other, let others)):
      near(number, other) && all(terms, others)
    default: false
    }
  }
}

extension ElementTerm {
  /// An activation with what follows it: scale · σ(x) + shift.
  struct Recognized: Sendable, Equatable {
    var activation: Activation
    /// Of leaky_relu, and of prelu one or one a unit; else empty.
    var slopes: [Float] = []
    var scale: Double
    var shift: Double
  }

  /// What activation this is; nil where it is none.
  var recognized: Recognized? {
    var (shift, term) = (0.0, self)
    if case .sum(let number, let terms) = self, terms.count == 1 {
      (shift, term) = (number, terms[0])
    }
    let (scale, factors) = term.factors
    if factors.count == 1 {
      switch factors[0] {
      case .input: return Recognized(activation: .identity, scale: scale, shift: shift)
      case .applied(.activation(let activation), .input):
        return Recognized(activation: activation, scale: scale, shift: shift)
      case .applied(.leakyRelu(let slope), .input):
        return Recognized(activation: .leakyRelu, slopes: [slope], scale: scale, shift: shift)
      case .applied(.prelu(let slopes), .input):
        return Recognized(activation: .prelu, slopes: slopes, scale: scale, shift: shift)
      // From 15 on the two differ by less than a rounding.
      case .choice(
        .applied(.above(15...), .input), .input, .applied(.activation(.softplus), .input)):
        return Recognized(activation: .softplus, scale: scale, shift: shift)
      // A number added before one is multiplied with: (x − mean) / deviation.
      case .sum(_, let terms) where terms.count == 1:
        guard var inner = factors[0].recognized else { return nil }
        inner.scale *= scale
        inner.shift = inner.shift * scale + shift
        return inner
      default: return nil
      }
    }
    let bare = ElementTerm.product(1, factors)
    if bare.matches(Self.silu) { return Recognized(activation: .silu, scale: scale, shift: shift) }
    if bare.matches(Self.twiceGelu) {
      return Recognized(activation: .gelu, scale: 2 * scale, shift: shift)
    }
    return nil
  }

  private static let silu = ElementTerm.product(
    1, [.input, .applied(.activation(.sigmoid), .input)])
  private static let twiceGelu = ElementTerm.product(
    1, [.input, .sum(1, [.applied(.erf, .product(0.5.squareRoot(), [.input]))])])
}
