import Engine
import NeuralNetworks
import NumericCore

/// A network on the way of its refinement, step by step.
struct RefinementWalk {
  /// The objective on the samples that are fitted, and on those held out.
  struct Objectives: Equatable {
    let fitted: Double
    let held: Double
  }

  /// As it stands.
  private(set) var network: Network
  /// What it has come to.
  private(set) var latest = Objectives(fitted: .infinity, held: .infinity)
  /// Of conjugate gradients so far.
  private(set) var iterations = 0
  /// Steps that were taken, and that helped with no share of them.
  private(set) var steps = 0
  private(set) var failures = 0
  /// Whether the samples held out have got worse, or there is nothing left to fit.
  private(set) var isStopped = false

  private let fit: OutputFit
  private let fitted: SampleSet
  private let held: SampleSet
  private let loss: Loss
  /// λ.
  private var damping: Double

  init(
    _ network: Network, fit: OutputFit, fitted: SampleSet, held: SampleSet, loss: Loss,
    damping: Double
  ) {
    self.network = network
    self.fit = fit
    self.fitted = fitted
    self.held = held
    self.loss = loss
    self.damping = damping
  }

  /// The objectives of the parameters as they stand in the fit.
  ///
  /// - Throws: `PruningError.interrupted`.
  func objectives() throws(PruningError) -> Objectives {
    let objectives = Objectives(fitted: fit.value(on: fitted), held: fit.value(on: held))
    try fit.pool.checkInterruption()
    return objectives
  }

  mutating func note(_ objectives: Objectives) { latest = objectives }

  /// One step: solves for it, and takes the largest share that helps.
  ///
  /// - Parameters:
  ///   - iterations: at most.
  ///   - probes: estimate the diagonal for many outputs.
  /// - Throws: `PruningError`.
  mutating func step(iterations: Int, probes: OutputProbes) throws(PruningError) {
    let gradient = fit.gradient(on: fitted).gradient
    try fit.pool.checkInterruption()
    let diagonal = try diagonal(probes: probes)
    // What does not act on the outputs stays as it is.
    let least = (diagonal.max() ?? 0) * Self.leastCurvature
    let solver = ConjugateGradient(
      preconditioner: diagonal.map { $0 > least ? 1 / $0 : 0 })
    let (fit, fitted, damping) = (fit, fitted, damping)
    let solution = try solver.solve(gradient, iterations: iterations) {
      (direction) throws(PruningError) in
      var product = fit.product(with: direction, on: fitted)
      try fit.pool.checkInterruption()
      for index in product.indices { product[index] += damping * diagonal[index] * direction[index] }
      return product
    }
    self.iterations += solution.iterations
    if solution.iterations == 0 {
      isStopped = true
      return
    }
    try search(along: solution.x)
  }

  /// A share of the largest curvature by any parameter below which one counts as none.
  private static let leastCurvature = 1e-12

  /// Goes against `direction` by the largest share that makes the objective smaller.
  private mutating func search(along direction: [Double]) throws(PruningError) {
    let start = fit.parameters
    for share in Refinement.shares {
      var moved = start
      for index in moved.indices { moved[index] -= share * direction[index] }
      fit.parameters = moved
      let value = fit.value(on: fitted)
      try fit.pool.checkInterruption()
      guard value < latest.fitted else { continue }
      let held = fit.value(on: held)
      try fit.pool.checkInterruption()
      guard held <= latest.held else {
        fit.parameters = start
        isStopped = true
        return
      }
      latest = Objectives(fitted: value, held: held)
      fit.update(&network)
      damping *= share == 1 ? 1 / 3 : 3
      steps += 1
      return
    }
    fit.parameters = start
    damping *= 10
    failures += 1
  }

  /// D = diag E[Jᵀ M J] of the network as it stands, in the order of the parameters.
  private func diagonal(probes: OutputProbes) throws(PruningError) -> [Double] {
    let statistics = try NetworkStatistics(
      of: network, on: fitted, metric: .fisher, loss: loss, probes: probes, pool: fit.pool)
    return fit.vector(network.layers.indices.map { statistics.diagonal($0) })
  }
}
