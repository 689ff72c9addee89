import Scheduler
import Testing

@Suite("A limit in place of a sparsity") struct ResourceLimitTests {
  private let layers: [LayerProfile]

  init() throws {
    layers = try [("hidden1", 7, 5), ("hidden2", 6, 7), ("output", 3, 6)].map {
      try LayerProfile(name: $0, outputs: $1, inputs: $2)
    }
  }

  private func total(_ limit: ResourceLimit, _ limits: [LayerLimits]? = nil) throws -> Int? {
    try Budget(policy: .optimal, limit: .resource(limit)).statedTotal(
      of: layers, limits: limits ?? layers.map { _ in .none })
  }

  @Test("the most weights stay that fit")
  func fits() throws {
    // 16 rows and biases, 3 ends of rows: 140 bytes; 8 a weight.
    #expect(try total(.bytes(140 + 8 * 20)) == 20)
    #expect(try total(.bytes(140 + 8 * 20 + 7)) == 20)
    #expect(try total(.bytes(140 + 8 * 21)) == 21)
    #expect(try total(.multiplyAdds(21)) == 21)
    // There are no more than 95.
    #expect(try total(.bytes(100_000)) == 95)
    #expect(try total(.multiplyAdds(96)) == 95)
    for limit in [ResourceLimit.bytes(333), .multiplyAdds(40)] {
      let kept = try #require(try total(limit))
      #expect(limit.cost(keeping: kept, of: layers) <= limit.most)
      #expect(limit.cost(keeping: kept + 1, of: layers) > limit.most)
    }
  }

  @Test("a limit that cannot be met says why, and which could")
  func infeasible() throws {
    let binding = BindingLimit(layer: "hidden1", constraint: .oneWeight, least: 1)
    #expect(
      throws: BudgetError.limitTooSmall(.bytes(139), kept: 3, feasible: 164, binding: binding)
    ) { try total(.bytes(139)) }
    #expect(throws: BudgetError.self) { try total(.bytes(163)) }
    #expect(try total(.bytes(164)) == 3)
    let limits = [LayerLimits.none, .none, try LayerLimits(keep: true)]
    let kept = BindingLimit(layer: "output", constraint: .keep, least: 18)
    #expect(
      throws: BudgetError.limitTooSmall(
        .multiplyAdds(19), kept: 20, feasible: 20, binding: kept)
    ) { try total(.multiplyAdds(19), limits) }
    #expect(try total(.multiplyAdds(20), limits) == 20)
  }
}
