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

/// Where the statistics of a chain's layers lie in memory that all layers share.
struct StatisticsLayout: Sendable {
  /// The places of one layer; offsets count elements, or rows where it says so.
  struct Places: Sendable {
    let inputs: Int
    let outputs: Int
    /// The references of the inputs.
    let reference: Int
    /// First of the strips of the inputs' centred values.
    let firstStrip: Int
    /// h = 1 for every unit and sample, so that one row of sums serves all units.
    let isUniform: Bool
    /// The units that have rows of h.
    let influential: InfluentialUnits
    /// First row of h; unused when uniform.
    let sensitivityRow: Int
    /// First of Σ h, one a unit; unused when uniform.
    let weightSum: Int
    /// First of (Σ h ã, Σ h ã²), [units or 1, inputs] pairs.
    let pairSum: Int
    /// σ'(z) within a worker's space, in rows; nil where nothing needs it.
    let derivative: Int?
    /// Σ_k g_k² before the factor σ'(z)², likewise; nil for the last layer.
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

  let layers: [Places]
  let seeds: Seeds
  /// Random combinations that stand for the seeds of all outputs; nil for one pass an output.
  let probes: OutputProbes?
  let weighting: OutputWeighting
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

  /// - Parameter influential: the units of each layer that count; others have sums of 0.
  init(
    _ chain: [WorkingLayer], influential: [InfluentialUnits], weighting: OutputWeighting,
    probes: OutputProbes? = nil
  ) {
    let last = chain.count - 1
    let outputIsLinear = chain[last].activation == .identity
    self.weighting = weighting
    self.probes = probes
    switch weighting {
    case .none: seeds = .none
    case .euclidean: seeds = outputIsLinear ? .unit : .diagonal
    case .logistic: seeds = .diagonal
    case .softmax: seeds = .softmax
    }
    var (references, strips, sensitivityRows) = (Allocation(), Allocation(), Allocation())
    var (weightSums, pairSums, space) = (Allocation(), Allocation(), Allocation())
    var layers: [Places] = []
    for (index, layer) in chain.enumerated() {
      let (outputs, inputs) = (layer.outputs, layer.inputs)
      let isUniform = weighting == .none || (seeds.isUnit && index == last)
      let needsDerivative = weighting != .none && !(index == last && outputIsLinear)
      layers.append(
        Places(
          inputs: inputs, outputs: outputs, reference: references.place(inputs),
          firstStrip: strips.place(StatisticsStrips.count(inputs: inputs)),
          isUniform: isUniform, influential: influential[index],
          sensitivityRow: sensitivityRows.place(isUniform ? 0 : influential[index].count),
          weightSum: weightSums.place(isUniform ? 0 : outputs),
          pairSum: pairSums.place(2 * inputs * (isUniform ? 1 : outputs)),
          derivative: needsDerivative ? space.place(outputs) : nil,
          raw: weighting != .none && index < last ? space.place(outputs) : nil))
    }
    let widest = chain.reduce(0) { max($0, $1.outputs) }
    let gradients = weighting == .none ? 0 : chain.dropLast().reduce(0) { max($0, $1.outputs) }
    let outputs = seeds.readsOutputs || probes != nil ? chain[last].outputs : 0
    input = space.place(chain[0].inputs)
    preactivation = space.place(widest)
    activations = (space.place(widest), space.place(widest))
    gradientAreas = (space.place(gradients), space.place(gradients))
    outputAreas = (space.place(outputs), space.place(outputs), space.place(outputs))
    self.layers = layers
    stripCount = strips.end
    self.sensitivityRows = sensitivityRows.end
    referenceCount = references.end
    weightSumCount = weightSums.end
    pairSumCount = pairSums.end
    spaceRows = space.end
  }
}

extension StatisticsLayout {
  /// How many gradients are carried through the chain.
  var passes: Int { probes?.count ?? layers[layers.count - 1].outputs }
}

extension StatisticsLayout.Seeds {
  var isUnit: Bool { if case .unit = self { true } else { false } }
  var isDiagonal: Bool { if case .diagonal = self { true } else { false } }

  /// Whether h depends on the chain's outputs, so that the last layer has to be evaluated.
  var readsOutputs: Bool {
    switch self {
    case .none, .unit: false
    case .diagonal, .softmax: true
    }
  }
}

/// Hands out consecutive places.
private struct Allocation {
  private(set) var end = 0

  mutating func place(_ size: Int) -> Int {
    end += size
    return end - size
  }
}
