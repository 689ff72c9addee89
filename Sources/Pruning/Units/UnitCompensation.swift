import Engine
import NeuralNetworks
import NumericCore

/// Makes a network narrower, unit by unit, and refits after every step what is left, without training.
///
/// Of a hidden layer with activations a, mean μ and covariance Σ, the units S stay. The layer above gets
///
///     W′ = W Σ_:S (Σ_SS)⁻¹      b′ = b + W μ − W′ μ_S
///
/// which makes of the units that are left as nearly as possible what it made of all. The units that go are those
/// whose going costs least *after* that: one after the other the unit with the least rise of E ‖z′ − z‖², z what
/// the layer above makes (`UnitElimination` with B = Wᵀ W).
///
/// Layers lose units in several steps, at most a share `step` of those that each has in one; how many each loses
/// says `WidthSearch`. Steps all leave the same share of the weights, and there are twice as many as would do if
/// every layer always lost what it may, so that layers can differ.
///
/// Source: "Pruning with compensation", arXiv 2108.13728, there of channels. Departures: a ridge λ, 1 % of the mean
/// variance (`LeastSquares.ridgeShare`), that pulls towards W; and the rule for widths, which is ours.
package struct UnitCompensation: Sendable {
  /// The most units of a layer that go in one step, as a share, above 0 and below 1.
  package let step: Double

  package init(step: Double) { self.step = step }

  /// A network that was made narrower.
  package struct Result: Sendable {
    /// What is left, refitted.
    package var network: Network
    /// The units of each hidden layer that are left, ascending, by their places in the network as it was.
    package var kept: [[Int]]
    /// Steps that it took.
    package var steps = 0
  }

  /// The least weights that any network of these widths can be left with.
  package static func leastWeights(_ widths: [Int]) -> Int {
    let least = widths.indices.map { $0 == 0 || $0 == widths.count - 1 ? widths[$0] : 1 }
    return zip(least, least.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// `network` with at most `weights` weights, but not one unit less a layer than that takes.
  ///
  /// - Parameters:
  ///   - network: without removed weights.
  ///   - weights: at least `leastWeights`.
  ///   - samples: all that is known of the data, at least one.
  ///   - check: called between steps; throws where it is to stop.
  package func reduce(
    _ network: Network, to weights: Int, on samples: SampleSet, pool: WorkerPool,
    check: () throws -> Void
  ) throws -> Result {
    var result = Result(
      network: network, kept: network.widths.dropFirst().dropLast().map { Array(0..<$0) })
    for count in counts(from: network.weightCount, to: weights)
    where count < result.network.weightCount {
      // A step whose layers may not lose enough leaves the rest to the next ones.
      try reduceOnce(&result, to: count, samples, pool)
      try check()
    }
    while result.network.weightCount > weights {
      let before = result.network.weightCount
      try reduceOnce(&result, to: weights, samples, pool)
      try check()
      if result.network.weightCount == before { break }
    }
    return result
  }

  /// `network` with nothing but the units `kept` of its hidden layers, as they are.
  package static func network(_ network: Network, keeping kept: [[Int]]) -> Network {
    UnitSelection(
      units: [Array(0..<network.inputs)] + kept + [Array(0..<network.outputs)]
    ).compact(network)
  }

  /// Weights behind each step on the way from `total` to `target`.
  package func counts(from total: Int, to target: Int) -> [Int] {
    guard target < total else { return [] }
    let ratio = Double(target) / Double(total)
    // The share that a step leaves is at least √(1 − step). Each takes a weight at least.
    var (steps, left) = (1, 1 - step)
    while left > ratio * ratio, steps < total - target {
      steps += 1
      left *= 1 - step
    }
    let share = root(ratio, of: steps)
    var counts: [Int] = []
    var leaving = 1.0
    for _ in 1..<steps {
      leaving *= share
      counts.append(Int(Double(total) * leaving))
    }
    return counts + [target]
  }

  // MARK: One step

  /// What is known of one hidden layer before units of it go.
  private struct Layer {
    /// Of its activations.
    let covariance: InputCovariance
    /// Its units in the order in which they go, as many as may.
    let order: [Int]
    /// The relative error of the layer above when the first, the first two, … are gone.
    let errors: [Double]
  }

  private func reduceOnce(
    _ result: inout Result, to weights: Int, _ samples: SampleSet, _ pool: WorkerPool
  ) throws {
    let layers = result.network.layers
    let hidden = Array(layers.indices.dropFirst())
    let covariances = StatisticsSums.measure(
      layers, weighting: .none, covariancesOf: hidden, on: samples, pool: pool
    ).covariances
    let known = zip(hidden, covariances).map { self.known(layers[$0], $1, pool) }
    let removed = WidthSearch(widths: result.network.widths, errors: known.map(\.errors))
      .removed(leaving: weights)
    let kept = zip(known, removed).map { layer, count in
      let gone = Set(layer.order.prefix(count))
      return (0..<layer.covariance.inputs).filter { !gone.contains($0) }
    }
    var narrower = Self.network(result.network, keeping: kept)
    for (index, layer) in layers.enumerated().dropFirst() {
      let rows = index < kept.count ? kept[index] : Array(0..<layer.outputs)
      Self.refit(
        &narrower.layers[index], to: layer, rows, kept[index - 1], known[index - 1].covariance, pool
      )
    }
    result.network = narrower
    result.kept = zip(result.kept, kept).map { old, places in places.map { old[$0] } }
    result.steps += 1
  }

  /// - Parameter upper: the layer that takes what the hidden layer of these activations gives.
  private func known(
    _ upper: DenseLayer, _ covariance: InputCovariance, _ pool: WorkerPool
  ) -> Layer {
    let units = covariance.inputs
    let most = min(units - 1, Int((step * Double(units)).rounded(.up)))
    let ridge = covariance.ridge(share: LeastSquares.ridgeShare)
    guard ridge > 0, let inverse = covariance.inverse(ridge: ridge, pool: pool) else {
      // Nothing varies, so nothing is lost.
      return Layer(
        covariance: covariance, order: Array(0..<most), errors: [Double](repeating: 0, count: most))
    }
    let weights = upper.weights.withSpan { span in span.indices.map { Double(span[$0]) } }
    var influence = [Double](repeating: 0, count: units * units)
    for row in 0..<upper.outputs {
      let own = Array(weights[row * units..<(row + 1) * units])
      for unit in 0..<units where own[unit] != 0 {
        for other in 0..<units { influence[unit * units + other] += own[unit] * own[other] }
      }
    }
    // E ‖z − E z‖² = tr(W Σ Wᵀ) = Σ over both of WᵀW and Σ.
    let total = zip(influence, covariance.matrix).reduce(0) { $0 + $1.0 * $1.1 }
    var elimination = UnitElimination(
      inverse: inverse, influence: influence, units: units, ridge: ridge)
    let removals = elimination.removals(
      saving: [Int](repeating: 1, count: units), exact: most
    ).prefix(most)
    var sum = 0.0
    let errors = removals.map { removal in
      sum += removal.cost
      return total > 0 ? sum / total : 0
    }
    return Layer(covariance: covariance, order: removals.map(\.unit), errors: errors)
  }

  /// Refits `narrower`, which has the units `rows` of `layer`, to what these made of all inputs from the inputs
  /// `kept`.
  private static func refit(
    _ narrower: inout DenseLayer, to layer: DenseLayer, _ rows: [Int], _ kept: [Int],
    _ covariance: InputCovariance, _ pool: WorkerPool
  ) {
    let moments = RefitMoments(of: layer, on: covariance, pool: pool)
    let fits = RidgeRegression(moments, share: LeastSquares.ridgeShare).fits(
      of: rows.map { row in
        RidgeRegression.Row(unit: row, kept: kept, weights: kept.map { layer.weights[row, $0] })
      }, pool: pool)
    narrower.weights = Matrix(
      rows: rows.count, columns: kept.count, fits.flatMap(\.weights))
    for (place, (row, fit)) in zip(rows, fits).enumerated() {
      let mean = zip(kept, fit.weights).reduce(0.0) { $0 + covariance.mean[$1.0] * Double($1.1) }
      narrower.bias[place] = Float(moments.targetMean[row] - mean)
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1.0) { product, _ in product * base }
  }

  /// The root of `ratio` of which `steps` factors make it.
  private func root(_ ratio: Double, of steps: Int) -> Double {
    // By bisection of x^steps = ratio, which needs no more than products.
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if power(middle, steps) < ratio { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
