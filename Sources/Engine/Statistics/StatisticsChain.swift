import NumericCore

/// One map a = σ(W x + b) of a chain whose statistics are taken.
package struct AffineMap: Sendable {
  /// W, [outputs, inputs].
  package let weights: Matrix
  /// b, [outputs].
  package let bias: [Float]
  package let activation: Activation
  package let slope: Float

  package init(weights: Matrix, bias: [Float], activation: Activation, slope: Float) {
    precondition(bias.count == weights.rows, "a bias for every output")
    self.weights = weights
    self.bias = bias
    self.activation = activation
    self.slope = slope
  }
}

/// How a small change δ of a chain's outputs y is measured: as δᵀ M(y) δ.
package enum OutputWeighting: Sendable, Equatable {
  /// Not at all: every unit counts the same, h = 1.
  case none
  /// M = 1.
  case euclidean
  /// M = diag(p (1 − p)) with the logistic function p of y, output by output.
  case logistic
  /// M = diag(p) − p pᵀ with p = softmax(y).
  case softmax
}

/// A chain of affine maps, laid out for passes that take its statistics: where each map's parts lie
/// in memory that all maps share.
struct StatisticsChain: Sendable {
  /// One map; offsets count elements, or rows where it says so.
  struct Link: Sendable {
    let inputs: Int
    let outputs: Int
    let activation: Activation
    let slope: Float
    /// W within the parameters.
    let weights: Int
    /// b within the parameters, for inputs as they are centred.
    let bias: Int
    /// The references of the inputs.
    let reference: Int
    /// First of the strips of the inputs' centred values.
    let firstStrip: Int
    /// h = 1 for every unit and sample, so that one row of sums serves all units.
    let isUniform: Bool
    /// First row of h; unused when uniform.
    let sensitivityRow: Int
    /// First of Σ h, one a unit; unused when uniform.
    let weightSum: Int
    /// First of (Σ h ã, Σ h ã²), [units or 1, inputs] pairs.
    let pairSum: Int
    /// σ'(z) within a worker's space, in rows; nil where nothing needs it.
    let derivative: Int?
    /// Σ_k g_k² before the factor σ'(z)², likewise; nil for the last map.
    let raw: Int?
  }

  /// What the backward passes start from.
  enum Seeds: Sendable {
    /// No passes: every h is 1.
    case none
    /// e_k.
    case unit
    /// √m_k e_k with m_k of the sample.
    case diagonal
    /// √p_k (e_k − p).
    case softmax
  }

  let links: [Link]
  let seeds: Seeds
  /// Random combinations that stand for the seeds of all outputs; nil for one pass an output.
  let probes: OutputProbes?
  let weighting: OutputWeighting
  /// Elements of all parameters.
  let parameterCount: Int
  /// Σ_k W_k² or W² of the last map within the parameters: what the map below takes from it at once.
  let squares: Int
  /// Strips and rows of the shared buffers, and elements of the sums.
  let stripCount: Int
  let sensitivityRows: Int
  let referenceCount: Int
  let weightSumCount: Int
  let pairSumCount: Int
  /// A worker's space in rows of one block, and where in it the areas lie.
  let spaceRows: Int
  /// The chain's inputs; z; and two areas between which activations change.
  let input: Int
  let preactivation: Int
  let activations: (Int, Int)
  let gradientAreas: (Int, Int)
  /// Three areas [outputs, samples]: p, 1 − p and seeds (after m) for softmax, else m and √m.
  let outputAreas: (Int, Int, Int)

  init(_ maps: [AffineMap], weighting: OutputWeighting, probes: OutputProbes? = nil) {
    precondition(!maps.isEmpty, "a chain has at least one map")
    let last = maps.count - 1
    let outputIsLinear = maps[last].activation == .identity
    self.weighting = weighting
    self.probes = probes
    switch weighting {
    case .none: seeds = .none
    case .euclidean: seeds = outputIsLinear ? .unit : .diagonal
    case .logistic: seeds = .diagonal
    case .softmax: seeds = .softmax
    }
    var parameters = Layout(granularity: 16)
    var (references, strips, sensitivityRows) = (Layout(), Layout(), Layout())
    var (weightSums, pairSums, space) = (Layout(), Layout(), Layout())
    var links: [Link] = []
    for (index, map) in maps.enumerated() {
      let (outputs, inputs) = (map.weights.rows, map.weights.columns)
      precondition(index == 0 || inputs == maps[index - 1].weights.rows, "maps fit one another")
      let isUniform = weighting == .none || (seeds.isUnit && index == last)
      let needsDerivative = weighting != .none && !(index == last && outputIsLinear)
      links.append(
        Link(
          inputs: inputs, outputs: outputs, activation: map.activation, slope: map.slope,
          weights: parameters.place(outputs * inputs), bias: parameters.place(outputs),
          reference: references.place(inputs),
          firstStrip: strips.place(StatisticsStrips.count(inputs: inputs)),
          isUniform: isUniform, sensitivityRow: sensitivityRows.place(isUniform ? 0 : outputs),
          weightSum: weightSums.place(isUniform ? 0 : outputs),
          pairSum: pairSums.place(2 * inputs * (isUniform ? 1 : outputs)),
          derivative: needsDerivative ? space.place(outputs) : nil,
          raw: weighting != .none && index < last ? space.place(outputs) : nil))
    }
    let widest = links.reduce(0) { max($0, $1.outputs) }
    let gradients = weighting == .none ? 0 : links.dropLast().reduce(0) { max($0, $1.outputs) }
    let outputs = seeds.readsOutputs || probes != nil ? links[last].outputs : 0
    squares = parameters.place(links[last].inputs * links[last].outputs)
    input = space.place(links[0].inputs)
    preactivation = space.place(widest)
    activations = (space.place(widest), space.place(widest))
    gradientAreas = (space.place(gradients), space.place(gradients))
    outputAreas = (space.place(outputs), space.place(outputs), space.place(outputs))
    self.links = links
    parameterCount = parameters.end
    stripCount = strips.end
    self.sensitivityRows = sensitivityRows.end
    referenceCount = references.end
    weightSumCount = weightSums.end
    pairSumCount = pairSums.end
    spaceRows = space.end
  }

  /// Puts the parameters in their places, and the squares for the last hidden map's closed form,
  /// h_i = σ'(z_i)² Σ_k m_k W_ki².
  func fill(_ all: UnsafeMutablePointer<Float>, from maps: [AffineMap]) {
    for (link, map) in zip(links, maps) {
      map.weights.withElements { weights in
        for i in weights.indices { all[link.weights + i] = weights[i] }
      }
      map.bias.withUnsafeBufferPointer { bias in
        for i in bias.indices { all[link.bias + i] = bias[i] }
      }
    }
    let last = links[links.count - 1]
    for unit in 0..<last.inputs {
      var sum = 0.0
      for output in 0..<last.outputs {
        let weight = all[last.weights + output * last.inputs + unit]
        sum += Double(weight) * Double(weight)
        if !seeds.isUnit { all[squares + output * last.inputs + unit] = weight * weight }
      }
      if seeds.isUnit { all[squares + unit] = Float(sum) }
    }
  }
}

extension StatisticsChain {
  /// Makes biases fit centred inputs: W x + b = W (x − r) + (b + W r).
  ///
  /// It also keeps digits of z where the mean of an input is far larger than its deviation.
  func absorb(_ references: [Float], into all: UnsafeMutablePointer<Float>) {
    for link in links {
      for output in 0..<link.outputs {
        let row = all + link.weights + output * link.inputs
        var bias = Double(all[link.bias + output])
        for input in 0..<link.inputs {
          bias += Double(row[input]) * Double(references[link.reference + input])
        }
        all[link.bias + output] = Float(bias)
      }
    }
  }
}

extension StatisticsChain {
  /// How many gradients are carried through the chain.
  var passes: Int { probes?.count ?? links[links.count - 1].outputs }
}

extension StatisticsChain.Seeds {
  var isUnit: Bool { if case .unit = self { true } else { false } }
  var isDiagonal: Bool { if case .diagonal = self { true } else { false } }

  /// Whether h depends on the chain's outputs, so that the last map has to be evaluated.
  var readsOutputs: Bool {
    switch self {
    case .none, .unit: false
    case .diagonal, .softmax: true
    }
  }
}

/// Hands out consecutive places, each a multiple of `granularity`.
private struct Layout {
  private let granularity: Int
  private(set) var end = 0

  init(granularity: Int = 1) { self.granularity = granularity }

  mutating func place(_ size: Int) -> Int {
    let start = end
    end += (size + granularity - 1) / granularity * granularity
    return start
  }
}
