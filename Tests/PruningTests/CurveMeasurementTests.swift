import Engine
import NeuralNetworks
import NumericCore
import Pruning
import Scheduler
import Testing

@Suite("Measured curves")
struct CurveMeasurementTests {
  private let pool = WorkerPool(threadCount: 2)
  private let samples = randomSamples(60, inputs: 6)
  private let network = randomNetwork([6, 9, 4])

  private func report(
    _ pruner: Pruner, _ budget: Budget, loss: Loss, kept: Int = 40,
    limits: [LayerLimits] = [.none, .none]
  ) throws -> (ModelState, BudgetReport?) {
    let (state, report) = try pruner.prune(
      ModelState(network: network), to: .total(kept, budget: budget, limits: limits),
      samples: samples, loss: loss, pool: pool)
    return (state, report.budget)
  }

  /// The divergence of `other` from `network`, from the first layer on.
  private func divergence(
    from network: Network, to other: Network, on samples: SampleSet? = nil
  ) -> Double {
    let samples = samples ?? self.samples
    let (old, new) = (network.layers, other.layers)
    return OutputMovement(
      from: old.map { ChainParameters([$0], trains: false) }, under: .softmax, data: samples.inputs,
      rows: samples.indices, pool: pool
    ).distance(to: new.map { ChainParameters([$0], trains: false) }, from: 0)
  }

  @Test("say what pruning one layer alone costs, compensated whatever others lose")
  func real() throws {
    let ladder = try PruningLadder([Sparsity(0.25), Sparsity(0.5), Sparsity(0.75)])
    for (compensation, loss) in [
      (BiasShift(metric: .fisher), Loss.crossEntropy()),
      (BiasShift(metric: .output), .meanSquared), (LeastSquares(metric: .fisher), .crossEntropy()),
    ] as [(any Compensation, Loss)] {
      let metric = compensation.metric ?? .output
      let pruner = Pruner(criterion: .ec(metric: metric), compensation: compensation)
      let budget = try #require(
        try report(pruner, Budget(policy: .optimal, ladder: ladder), loss: loss).1)
      #expect(budget.metric == metric)
      let distance = OutputDistance(from: network, on: samples, pool: pool)
      for (index, curve) in budget.curves.enumerated() {
        let most = network.layers[index].remaining
        #expect(curve.points.map(\.kept) == [most, most * 3 / 4, most / 2, most / 4, 1])
        var errors: [ErrorCurve.Point] = []
        for point in curve.points {
          var counts = network.layers.map(\.remaining)
          counts[index] = point.kept
          let bare = Pruner(criterion: .ec(metric: metric), compensation: NoCompensation())
          var pruned = try bare.prune(
            ModelState(network: network), to: .layers(counts), samples: samples, loss: loss,
            pool: pool
          ).state.network
          let removed = pruned.layers.map { layer in
            layer.mask.map { mask in (0..<mask.count).filter { !mask[$0] } } ?? []
          }
          let context = try ScoringContext(
            network: network, samples: samples, loss: loss, metrics: [metric], pool: pool)
          compensation.layerwise(context).apply(to: &pruned, removed: removed, context)
          let error =
            metric == .fisher
            ? divergence(from: network, to: pruned)
            : distance.meanSquare(to: pruned)
          errors.append(ErrorCurve.Point(kept: point.kept, error: error))
        }
        #expect(try ErrorCurve(measured: errors) == curve)
        #expect(curve.points[0].error == 0)
      }
    }
  }

  @Test("lead to exact counts within limits, for criteria that rank rows as well")
  func counts() throws {
    let limits = [try LayerLimits(maximumSparsity: Sparsity(0.4)), .none]
    for policy in [.sensitivity, .optimal] as [BudgetPolicy] {
      for pruner in [
        Pruner(criterion: .ec(metric: .fisher), compensation: BiasShift(metric: .fisher)),
        Pruner(criterion: Wanda(), compensation: NoCompensation()),
        Pruner(criterion: GradientMagnitude(signed: true), compensation: NoCompensation()),
      ] {
        let (state, budget) = try report(
          pruner, Budget(policy: policy), loss: .meanSquared, kept: 38, limits: limits)
        #expect(state.network.remaining == 38)
        #expect(state.network.layers[0].remaining >= 33)
        #expect(budget!.alone.count == 2)
        #expect(budget!.gap >= 0)
      }
    }
  }

  @Test("of layers together lead optimal to a division no worse than any other policy's")
  func together() throws {
    let wide = randomNetwork([6, 20, 12, 4])
    let limits = wide.layers.map { _ in LayerLimits.none }
    let pruner = Pruner(criterion: .ec(metric: .fisher), compensation: BiasShift(metric: .fisher))
    func pruned(_ policy: BudgetPolicy) throws -> (error: Double, report: BudgetReport?) {
      let (state, report) = try pruner.prune(
        ModelState(network: wide), to: .total(60, budget: Budget(policy: policy), limits: limits),
        samples: samples, loss: .crossEntropy(), pool: pool)
      return (divergence(from: wide, to: state.network), report.budget)
    }
    let own = try pruned(.optimal)
    let report = try #require(own.report)
    #expect(report.error == own.error && report.passes > 0)
    var others: [Double] = []
    for policy in [.uniform, .erk, .global, .lamp] as [BudgetPolicy] {
      others.append(try pruned(policy).error)
    }
    #expect(own.error < others.min()!)
    let sensitivity = try pruned(.sensitivity)
    #expect(sensitivity.report?.error == sensitivity.error)
    #expect(sensitivity.report?.passes == 0)
  }

  @Test(
    "of many samples are measured on some where divisions are judged by an error of their own, on all"
  )
  func estimated() throws {
    let all = randomSamples(1500, inputs: 6)
    let some = SampleSet(
      inputs: all.inputs, targets: all.targets,
      indices: (0..<1024).map { all.indices[$0 * 1500 / 1024] })
    // Neither the ranking nor the compensation goes by samples.
    let pruner = Pruner(criterion: Magnitude(), compensation: NoCompensation())
    func pruned(
      _ policy: BudgetPolicy, on samples: SampleSet
    ) throws -> (network: Network, budget: BudgetReport) {
      let (state, report) = try pruner.prune(
        ModelState(network: network),
        to: .total(40, budget: Budget(policy: policy), limits: [.none, .none]), samples: samples,
        loss: .crossEntropy(), pool: pool)
      return (state.network, try #require(report.budget))
    }
    let optimal = try pruned(.optimal, on: all)
    #expect(optimal.budget.curves == (try pruned(.optimal, on: some).budget.curves))
    #expect(
      optimal.budget.error == divergence(from: network, to: optimal.network, on: all))
    let sensitivity = try pruned(.sensitivity, on: all)
    #expect(sensitivity.budget.curves != optimal.budget.curves)
    #expect(
      sensitivity.budget.error == divergence(from: network, to: sensitivity.network, on: all))
  }

  @Test("about the division say by how much another could be better, and none is by more")
  func gap() throws {
    let wide = randomNetwork([6, 20, 12, 4])
    let limits = wide.layers.map { _ in LayerLimits.none }
    let ladder = try PruningLadder([0.3, 0.6, 0.8, 0.9].map { try Sparsity($0) })
    let pruner = Pruner(criterion: .ec(metric: .fisher), compensation: BiasShift(metric: .fisher))
    func pruned(_ target: PruningTarget) throws -> (ModelState, BudgetReport?) {
      let (state, report) = try pruner.prune(
        ModelState(network: wide), to: target, samples: samples, loss: .crossEntropy(), pool: pool)
      return (state, report.budget)
    }
    for kept in [40, 100, 250] {
      let (state, budget) = try pruned(
        .total(kept, budget: Budget(policy: .optimal, ladder: ladder), limits: limits))
      let report = try #require(budget)
      let chosen = state.network.layers.map(\.remaining)
      var curves: [ErrorCurve] = []
      for (index, layer) in wide.layers.enumerated() {
        let profile = try LayerProfile(
          name: layer.name, outputs: layer.outputs, inputs: layer.inputs)
        let rungs = ladder.counts(within: limits[index].bounds(of: profile)) + [chosen[index]]
        let points = try Set(rungs).sorted(by: >).map { rung in
          var counts = chosen
          counts[index] = rung
          let network = try pruned(.layers(counts)).0.network
          return ErrorCurve.Point(
            kept: rung, error: divergence(from: wide, to: network))
        }
        curves.append(try ErrorCurve(measured: points))
      }
      var best = 0.0
      for giver in chosen.indices {
        for taker in chosen.indices where taker != giver {
          let room = wide.layers[taker].remaining - chosen[taker]
          for moved in 0...max(0, min(chosen[giver] - 1, room)) {
            let saving =
              curves[giver].error(keeping: chosen[giver])
              + curves[taker].error(keeping: chosen[taker])
              - curves[giver].error(keeping: chosen[giver] - moved)
              - curves[taker].error(keeping: chosen[taker] + moved)
            best = max(best, saving)
          }
        }
      }
      #expect(best <= report.gap + 1e-9)
    }
  }

  @Test("are not made for other policies")
  func others() throws {
    let pruner = Pruner(criterion: Magnitude(), compensation: NoCompensation())
    #expect(try report(pruner, Budget(policy: .global), loss: .meanSquared).1 == nil)
    #expect(try report(pruner, Budget(policy: .uniform), loss: .meanSquared).1 == nil)
  }

  @Test("of steps are those of the last one")
  func steps() throws {
    let pruner = Pruner(criterion: .ec(metric: .output), compensation: BiasShift(metric: .output))
    let (state, report) = try pruner.prune(
      ModelState(network: network),
      through: [60, 40].map {
        .total($0, budget: Budget(policy: .optimal), limits: [.none, .none])
      },
      samples: samples, loss: .meanSquared, pool: pool)
    #expect(state.network.remaining == 40 && report.steps == 2)
    #expect(report.budget!.curves.reduce(0) { $0 + $1.points[0].kept } == 60)
  }
}
