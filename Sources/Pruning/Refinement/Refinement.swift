import Engine
import NeuralNetworks
import NumericCore

/// Refines all surviving weights and all biases of a pruned network at once: a full-batch second-order
/// training step, of damped Gauss-Newton.
///
///     (H + λ D) δ = −g     g = E[Jᵀ (p − t)]     H = E[Jᵀ (diag p − p pᵀ) J]     D = diag H
///
/// with J the derivative of the outputs by the parameters, p what the network predicts and t what it
/// should; see `OutputObjective` for other losses. A share of the samples is held out. δ is an iterate of
/// conjugate gradients preconditioned by D: of at most 15 the one from which the samples held out gain most
/// (Martens's backtracking; the first iterates bend least), looked for until four have brought them nothing. A share
/// of it is taken, the largest of 1, ½, ¼ and 0.1 that makes the objective smaller, and λ follows: a third
/// after a whole step, three times as much after a smaller one, ten times where none helps. Steps follow
/// one another until all iterations are spent, or two in a row have not helped.
///
/// Several refinements may be averaged, each from the same start with other samples held out: parameters that
/// differ by chance of the draw lie near one another, and their mean predicts better than one of them. Where it
/// is worse than the start, over all samples, the first stays.
///
/// Masks and slopes stay as they are. The objective never rises, neither on the samples that are fitted nor
/// on those held out; of an average, over all of them. Optimizer moments stay, as compensation leaves them.
///
/// Source: Martens, "Deep learning via Hessian-free optimization", 2010; the objective is that of
/// knowledge distillation (Hinton et al. 2015), averages of parameters are those of "Model soups" (Wortsman et al.
/// 2022).
package struct Refinement: Sendable, Equatable {
  /// What the network's outputs should be.
  package enum Target: String, Sendable, CaseIterable {
    /// What the network gave before it was pruned; no targets are needed.
    case outputs
    /// The targets of the samples.
    case labels
    /// Half of each.
    case both

    /// The share of the distance from the samples' targets.
    var labelShare: Double {
      switch self {
      case .outputs: 0
      case .labels: 1
      case .both: 0.5
      }
    }
  }

  package let target: Target
  /// Of conjugate gradients, over all steps; at least 1.
  package let iterations: Int
  /// The first λ, above 0.
  package let damping: Double
  /// The share of the samples that is held out, in (0, 1).
  package let heldOut: Double
  /// Refinements whose parameters are averaged; at least 1.
  package let averaged: Int

  package init(
    target: Target, iterations: Int = standardIterations, damping: Double = standardDamping,
    heldOut: Double = standardHeldOut, averaged: Int = 1
  ) {
    precondition(iterations >= 1 && damping > 0 && heldOut > 0 && heldOut < 1 && averaged >= 1)
    self.target = target
    self.iterations = iterations
    self.damping = damping
    self.heldOut = heldOut
    self.averaged = averaged
  }

  /// What holds where nothing is stated.
  package static let standardIterations = 30
  package static let standardDamping = 0.03
  package static let standardHeldOut = 0.1

  /// Most iterations of a step.
  static let mostIterationsOfStep = 15
  /// Iterates in a row that bring the samples held out nothing before a step is looked for no further.
  static let patience = 4
  /// Steps in a row that do not help before there are no more.
  static let mostFailures = 2
  /// Shares of a step that are tried, the largest first.
  static let shares = [1, 0.5, 0.25, 0.1]

  /// How many of `samples` samples are held out.
  package func heldOutCount(of samples: Int) -> Int {
    Int((heldOut * Double(samples)).rounded())
  }

  /// Whether of `samples` samples some are held out and some are left.
  package func divides(_ samples: Int) -> Bool {
    (1..<max(samples, 1)).contains(heldOutCount(of: samples))
  }

  /// Numbers in double precision that it holds at once beside the network, at least: parameters before and
  /// after a step, gradient, curvature, and the vectors of conjugate gradients.
  package static func numbers(survivors: Int) -> Double { 6 * Double(survivors) }

  /// How many refinements there may be to an average.
  package static let averagedRange = 1...100

  /// Whether distances from the targets of a network trained by `loss` have a curvature, or none is needed.
  package func suits(_ loss: Loss) -> Bool { target == .outputs || loss != .meanAbsolute }

  /// Refines the network of `state`.
  ///
  /// - Parameters:
  ///   - before: the network before it was pruned.
  ///   - loss: what the network was trained for.
  ///   - draws: decides which samples are held out, and what estimates H's diagonal of many outputs.
  ///   - pool: one that is abandoned ends the work with `PruningError.interrupted`.
  /// - Throws: `PruningError`.
  package func refine(
    _ state: inout ModelState, toward before: Network, samples: SampleSet, loss: Loss,
    draws: ScoringDraws = ScoringDraws(), pool: WorkerPool
  ) throws(PruningError) -> RefinementReport {
    guard divides(samples.count) else {
      throw .nothingHeldOut(samples: samples.count, share: heldOut)
    }
    guard suits(loss) else { throw .noCurvatureToRefine }
    let clock = ContinuousClock()
    let started = clock.now
    let draws = ScoringDraws(seed: Philox.seed(draws.seed, named: "refine"), probes: draws.probes)
    // The first is drawn as one alone is; of the others only what they have come to is kept.
    let first = try walk(
      from: state.network, toward: before, samples: samples, loss: loss, draws: draws, pool: pool)
    var (sum, iterations, steps) = (first.parameters, first.iterations, first.steps)
    for index in 1..<averaged {
      let other = try walk(
        from: state.network, toward: before, samples: samples, loss: loss,
        draws: ScoringDraws(seed: Philox.seed(draws.seed, named: "\(index)"), probes: draws.probes),
        pool: pool)
      for (place, parameter) in other.parameters.enumerated() { sum[place] += parameter }
      iterations += other.iterations
      steps += other.steps
    }
    let end =
      averaged == 1 ? first : try first.moved(to: sum.map { $0 / Double(averaged) }) ?? first
    state.network = end.network
    return RefinementReport(
      target: target,
      fitted: RefinementReport.Change(before: first.first.fitted, after: end.latest.fitted),
      heldOut: RefinementReport.Change(before: first.first.held, after: end.latest.held),
      iterations: iterations, steps: steps, seconds: (clock.now - started) / .seconds(1))
  }

  /// One refinement, with the samples held out that `draws` decides.
  private func walk(
    from network: Network, toward before: Network, samples: SampleSet, loss: Loss,
    draws: ScoringDraws, pool: WorkerPool
  ) throws(PruningError) -> RefinementWalk {
    let (held, fitted) = samples.divided(heldOutCount(of: samples.count), seed: draws.seed)
    var walk = try RefinementWalk(
      network,
      fit: OutputFit(
        network, toward: before,
        objective: OutputObjective(loss: loss, labelShare: target.labelShare),
        mostSamples: fitted.count, pool: pool),
      fitted: fitted, held: held, loss: loss, damping: damping)
    while walk.iterations < iterations, !walk.isDone {
      let probes = OutputProbes(count: draws.probes, seed: draws.step(walk.attempts + 1).seed)
      try walk.step(
        iterations: min(Self.mostIterationsOfStep, iterations - walk.iterations), probes: probes)
    }
    return walk
  }
}
