import Runs
import Testing

@Suite("What works cost together") struct WorkCostTests {
  private static func work(_ name: String) -> TimedWork { TimedWork(name: name) { _ in { nil } } }

  private static func total(_ cost: WorkCost, _ known: [String: Double]) -> Double? {
    cost.total { known[$0.name] }
  }

  @Test("is what is measured, as often as it is done, between two measurements or beyond them")
  func arithmetic() {
    let (small, large) = (Self.work("small"), Self.work("large"))
    let known = ["small": 1.0, "large": 3.0]
    #expect(Self.total(.work(large), known) == 3)
    #expect(Self.total(.repeated(4, .work(large)), known) == 12)
    // Half of the distance between both.
    #expect(Self.total(.growth(small, large, share: 0.5), known) == 1)
    #expect(Self.total(.between(.work(small), .work(large), share: 0.25), known) == 1.5)
    #expect(Self.total(.sum([.work(small), .work(large), .sum([])]), known) == 4)
  }

  @Test("never falls with samples, whatever noise says")
  func noise() {
    let cost = WorkCost.growth(Self.work("small"), Self.work("large"), share: 10)
    #expect(Self.total(cost, ["small": 2, "large": 1]) == 0)
  }

  @Test("is not known where one of its works is not")
  func unknown() {
    let (a, b) = (WorkCost.work(Self.work("a")), WorkCost.work(Self.work("b")))
    let costs: [WorkCost] = [
      .sum([a, b]), .between(a, b, share: 0.5), .repeated(2, b),
      .growth(Self.work("a"), Self.work("b"), share: 1),
    ]
    for cost in costs {
      #expect(Self.total(cost, ["a": 1]) == nil)
      #expect(cost.works.contains { $0.name == "b" })
    }
  }
}
