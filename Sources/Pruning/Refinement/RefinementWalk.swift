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
  /// What it was at first, and what it has come to.
  let first: Objectives
  private(set) var latest: Objectives
  /// Of conjugate gradients so far.
  private(set) var iterations = 0
  /// Steps so far, and those of them that were taken.
  private(set) var attempts = 0
  private(set) var steps = 0
  /// Steps since the last one that was taken.
  private var failures = 0

  private let fit: OutputFit
  private let fitted: SampleSet
  private let held: SampleSet
  private let loss: Loss
  /// λ.
  private var damping: Double

  /// - Throws: `PruningError.interrupted`.
  init(
    _ network: Network, fit: OutputFit, fitted: SampleSet, held: SampleSet, loss: Loss,
    damping: Double
  ) throws(PruningError) {
    self.network = network
    self.fit = fit
    self.fitted = fitted
    self.held = held
    self.loss = loss
    self.damping = damping
    first = Objectives(fitted: fit.value(on: fitted), held: fit.value(on: held))
    latest = first
    try fit.pool.checkInterruption()
  }

  /// All surviving weights and all biases as they stand.
  var parameters: [Double] { fit.parameters }

  /// This one with other parameters; nil where the objective over all samples is then above what it was at
  /// first.
  ///
  /// - Throws: `PruningError.interrupted`.
  func moved(to parameters: [Double]) throws(PruningError) -> RefinementWalk? {
    var moved = self
    fit.parameters = parameters
    moved.latest = Objectives(fitted: fit.value(on: fitted), held: fit.value(on: held))
    try fit.pool.checkInterruption()
    let weight = Double(held.count) / Double(held.count + fitted.count)
    func all(_ objectives: Objectives) -> Double {
      objectives.fitted + weight * (objectives.held - objectives.fitted)
    }
    guard all(moved.latest) <= all(first) else { return nil }
    fit.update(&moved.network)
    return moved
  }

  /// Whether steps have ceased to help.
  var isDone: Bool { failures >= Refinement.mostFailures }

  /// One step: looks for it, and takes the largest share that helps.
  ///
  /// - Parameters:
  ///   - most: iterations at most.
  ///   - probes: estimate the diagonal for many outputs.
  /// - Throws: `PruningError`.
  mutating func step(iterations most: Int, probes: OutputProbes) throws(PruningError) {
    attempts += 1
    let gradient = fit.gradient(on: fitted).gradient
    try fit.pool.checkInterruption()
    let direction = try direction(against: gradient, iterations: most, probes: probes)
    if let direction, let share = try search(along: direction) {
      damping *= share == 1 ? 1 / 3 : 3
      steps += 1
      failures = 0
    } else {
      damping *= 10
      failures += 1
    }
  }

  /// The iterate of conjugate gradients from which the samples held out gain most; nil where they gain from
  /// none.
  private mutating func direction(
    against gradient: [Double], iterations most: Int, probes: OutputProbes
  ) throws(PruningError) -> [Double]? {
    let diagonal = try diagonal(probes: probes)
    // What does not act on the outputs stays as it is.
    let least = (diagonal.max() ?? 0) * Self.leastCurvature
    var solver = ConjugateGradient(
      gradient, preconditioner: diagonal.map { $0 > least ? 1 / $0 : 0 })
    let (fit, fitted, damping, start) = (fit, fitted, damping, fit.parameters)
    defer { fit.parameters = start }
    var best: (direction: [Double], held: Double)?
    var (done, since) = (0, 0)
    while done < most, since < Refinement.patience {
      fit.parameters = start
      let goesOn = try solver.advance { (direction) throws(PruningError) in
        var product = fit.product(with: direction, on: fitted)
        try fit.pool.checkInterruption()
        for index in product.indices {
          product[index] += damping * diagonal[index] * direction[index]
        }
        return product
      }
      guard goesOn else { break }
      (done, since) = (done + 1, since + 1)
      iterations += 1
      fit.parameters = start.moved(against: solver.x, by: 1)
      let value = fit.value(on: held)
      try fit.pool.checkInterruption()
      if value < best?.held ?? latest.held {
        best = (solver.x, value)
        since = 0
      }
    }
    if done == 0 { failures = Refinement.mostFailures }
    return best?.direction
  }

  /// A share of the largest curvature by any parameter below which one counts as none.
  private static let leastCurvature = 1e-12

  /// Goes against `direction` by the largest share that makes the objective smaller, and not larger on the
  /// samples held out; nil, and nowhere, where none does.
  private mutating func search(along direction: [Double]) throws(PruningError) -> Double? {
    let start = fit.parameters
    for share in Refinement.shares {
      fit.parameters = start.moved(against: direction, by: share)
      let objectives = Objectives(fitted: fit.value(on: fitted), held: fit.value(on: held))
      try fit.pool.checkInterruption()
      if objectives.fitted < latest.fitted, objectives.held <= latest.held {
        latest = objectives
        fit.update(&network)
        return share
      }
    }
    fit.parameters = start
    return nil
  }

  /// D = diag E[Jᵀ M J] of the network as it stands, in the order of the parameters.
  private func diagonal(probes: OutputProbes) throws(PruningError) -> [Double] {
    let statistics = try NetworkStatistics(
      of: network, on: fitted, metric: .fisher, loss: loss, probes: probes, pool: fit.pool)
    return fit.vector(network.layers.indices.map { statistics.diagonal($0) })
  }
}

extension [Double] {
  /// This vector less `share` of `direction`.
  fileprivate func moved(against direction: [Double], by share: Double) -> [Double] {
    var moved = self
    for index in moved.indices { moved[index] -= share * direction[index] }
    return moved
  }
}
