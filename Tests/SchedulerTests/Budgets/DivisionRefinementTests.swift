import Scheduler
import Testing

@Suite("Refining a division") struct DivisionRefinementTests {
  /// A convex error of each layer alone, its scale drawn, and what neighbours add to one another.
  private struct Landscape {
    let scales: [Double]
    let most: [Int]
    let interaction: Double

    init(_ demand: BudgetDemand, seed: UInt64, interaction: Double) {
      var random = SplitMix64(seed: seed)
      scales = demand.layers.map { _ in Double.random(in: 0.1...10, using: &random) }
      most = demand.layers.map { max(1, $0.weights) }
      self.interaction = interaction
    }

    func error(_ counts: [Int]) -> Double {
      let own = counts.indices.map { index in
        let lost = Double(most[index] - counts[index]) / Double(most[index])
        return scales[index] * lost * lost
      }
      let shared = zip(own, own.dropFirst()).reduce(0) { $0 + ($1.0 * $1.1).squareRoot() }
      return own.reduce(0, +) + interaction * shared
    }
  }

  private func scenario(_ seed: UInt64) throws -> (BudgetDemand, [[Int]]) {
    let scenario = try Scenario(seed: seed)
    var random = SplitMix64(seed: seed)
    let demand = try scenario.demand(.random(in: scenario.range, using: &random))
    return (demand, try OptimalBudget.starts(demand))
  }

  @Test("the result meets the demand and is no worse than any start", arguments: [0, 1, 3.0])
  func sound(interaction: Double) throws {
    var improved = 0
    for seed in 0..<60 as Range<UInt64> {
      let (demand, starts) = try scenario(seed)
      let landscape = Landscape(demand, seed: seed, interaction: interaction)
      let result = try DivisionRefinement(of: demand, from: starts) {
        landscape.error($0)
      } measure: {
        landscape.error($0)
      }
      #expect(result.counts.reduce(0, +) == demand.kept)
      for (count, bounds) in zip(result.counts, demand.bounds) {
        #expect((bounds.least...bounds.most).contains(count))
      }
      #expect(result.error == landscape.error(result.counts))
      let best = starts.map(landscape.error).min()!
      #expect(result.error <= best)
      if result.error < best { improved += 1 }
    }
    // Starts know nothing of this landscape.
    #expect(improved > 20)
  }

  @Test("estimates that say anything at all lead to no division worse than a start")
  func estimates() throws {
    for seed in 0..<40 as Range<UInt64> {
      let (demand, starts) = try scenario(seed)
      let landscape = Landscape(demand, seed: seed, interaction: 1)
      var random = SplitMix64(seed: seed)
      let result = try DivisionRefinement(of: demand, from: starts) { _ in
        Double.random(in: 0...100, using: &random)
      } measure: {
        landscape.error($0)
      }
      #expect(result.counts.reduce(0, +) == demand.kept)
      #expect(result.error == landscape.error(result.counts))
      #expect(starts.allSatisfy { result.error <= landscape.error($0) })
    }
  }

  @Test("where layers do not act on each other, it is all but the best of all divisions")
  func separable() throws {
    for seed in 0..<40 as Range<UInt64> {
      let scenario = try Scenario(seed: seed, count: 4, size: 20)
      var random = SplitMix64(seed: seed)
      let demand = try scenario.demand(.random(in: scenario.range, using: &random))
      let landscape = Landscape(demand, seed: seed, interaction: 0)
      let result = try DivisionRefinement(
        of: demand, from: OptimalBudget.starts(demand)
      ) {
        landscape.error($0)
      } measure: {
        landscape.error($0)
      }
      // The exact division, by the true curve of every layer at every count.
      var layers: [LayerProfile] = []
      for (index, layer) in demand.layers.enumerated() {
        let points = (0...layer.remaining).reversed().map { kept in
          var counts = landscape.most
          counts[index] = kept
          return ErrorCurve.Point(kept: kept, error: landscape.error(counts))
        }
        layers.append(try layer.with(curve: ErrorCurve(measured: points)))
      }
      let exact = try BudgetPolicy.optimal.rule.counts(
        BudgetDemand(keeping: demand.kept, of: layers, limits: scenario.limits))
      let best = landscape.error(exact)
      #expect(result.error <= best * 1.01 + 1e-12)
    }
  }

  @Test("layers that act on each other are divided otherwise than by their own curves")
  func together() throws {
    // Alone either layer is as good as free; what is lost in both is lost for good.
    let layers = try ["hidden1", "output"].map { name in
      let points = (0...100).reversed().map { ErrorCurve.Point(kept: $0, error: 0.0) }
      return try LayerProfile(
        name: name, outputs: 10, inputs: 10,
        importances: (0..<100).map { Float($0) }, curve: ErrorCurve(measured: points))
    }
    let demand = try BudgetDemand(keeping: 100, of: layers, limits: [.none, .none])
    func error(_ counts: [Int]) -> Double {
      let lost = counts.map { Double(100 - $0) / 100 }
      return lost[0] * lost[1] + 0.01 * lost[0]
    }
    let result = try DivisionRefinement(of: demand, from: [[50, 50]]) {
      error($0)
    } measure: {
      error($0)
    }
    #expect(result.counts == [99, 1])
    #expect(result.passes > 0)
  }

  @Test("nothing is searched where there is no error, and what cannot be measured is passed on")
  func ends() throws {
    let (demand, starts) = try scenario(3)
    let free = try DivisionRefinement(of: demand, from: starts) { _ in
      0
    } measure: { _ in
      0
    }
    #expect(free.counts == starts[0] && free.error == 0 && free.passes == 0)
    #expect(throws: BudgetError.curveOrder) {
      try DivisionRefinement(of: demand, from: starts) { _ in
        1
      } measure: { _ throws(BudgetError) in
        throw .curveOrder
      }
    }
    #expect(throws: BudgetError.curveOrder) {
      try DivisionRefinement(of: demand, from: starts) { _ throws(BudgetError) in
        throw .curveOrder
      } measure: { _ in
        1
      }
    }
  }
}
