import RunFixtures
import Runs
import Studies
import Testing

@Suite("A study's plan")
struct StudyPlanTests {
  private let facts = DataFacts(
    digest: "the data", inputs: 5, outputs: 3, classes: ["a", "b", "c"], trainingSamples: 42,
    validationSamples: nil, testSamples: 18)

  private func plan(_ changes: [(String, String)] = []) throws -> StudyPlan {
    var text = StudyFixture.text
    for (old, new) in changes { text = text.replacing(old, with: new) }
    let settings = try StudyFixture.settings(text)
    return try StudyPlan(
      of: settings, facts: settings.datasets.map { _ in facts })
  }

  @Test("lists cells by subject, ratio and seed")
  func order() throws {
    let cells = try plan().cells
    #expect(cells.count == 18)
    #expect(
      cells.prefix(8).map(\.identity.text) == [
        "small 5-7-6-3 unpruned seed 1", "small 5-7-6-3 unpruned seed 2",
        "small 5-7-6-3 narrower 0.4 seed 1", "small 5-7-6-3 narrower 0.4 seed 2",
        "small 5-7-6-3 narrower 0.8 seed 1", "small 5-7-6-3 narrower 0.8 seed 2",
        "small 5-7-6-3 ec output ec global 0.4 seed 1",
        "small 5-7-6-3 ec output ec global 0.4 seed 2",
      ])
    #expect(Set(cells.map(\.key)).count == 18)
  }

  @Test("changes the keys of what a setting touches, and no others")
  func keys() throws {
    let old = Set(try plan().cells.map(\.key))
    func kept(_ from: String, _ to: String) throws -> Int {
      try plan([(from, to)]).cells.count { old.contains($0.key) }
    }
    #expect(try kept("name: small", "name: other") == 18)
    #expect(try kept("ratios: [0.4, 0.8]", "ratios: [0.8, 0.9]") == 10)
    #expect(try kept("criterion: ec,", "criterion: ec, force: true, name: mine,") == 18)
    #expect(try kept("metric: output", "metric: fisher") == 14)
    #expect(try kept("finetune: {epochs: 2}", "finetune: {epochs: 1}") == 0)
    #expect(try kept("seeds: 2", "seeds: [2, 3]") == 9)
    // As it is anyway, so that what has been measured is not measured again.
    #expect(try kept("seeds: 2", "seeds: 2\nbudgets: [global]\nrounds: 1") == 18)
    #expect(try kept("seeds: 2", "seeds: 2\nbudgets: [erk]") == 6)
    #expect(try kept("seeds: 2", "seeds: 2\nrounds: 2") == 0)
    #expect(try kept("train: {epochs: 3}", "train: {epochs: 4}") == 0)
  }

  @Test("refuses what data and networks make impossible")
  func impossible() throws {
    func message(_ old: String, _ new: String) -> String {
      do {
        _ = try plan([(old, new)])
        return ""
      } catch let obstacle as StudyObstacle {
        return obstacle.reason
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message("criteria: [", "criteria: [{criterion: nonlinear, samples: 43}, ")
        .contains("it scores on 43 samples, but the training part has 42"))
    #expect(
      message("criteria: [", "criteria: [{criterion: ec, refine: {held_out: 0.01}}, ")
        .contains("refine holds out 0 of 42 samples, a share of 0.01, and needs one at least"))
    #expect(
      message("ratios: [0.4, 0.8]", "ratios: [0.4, 0.401]").contains("both leave 57 weights"))
    #expect(
      message("ratios: [0.4, 0.8]", "ratios: [0.95]").contains("a network narrower than 5-7-6-3"))
    // 95 weights, of which the limits keep 35 · ½ + 42 · ½ + 18 · ½, each rounded up.
    #expect(
      message(
        "criteria: [", "criteria: [{criterion: ec, budget: {policy: global, min_density: 0.5}}, "
      ).contains("0.8 on 5-7-6-3, ec fisher, global: cannot prune to 19 of 95 weights"))
  }

  @Test("says of what it is about that something stands in its way")
  func subject() throws {
    func subject(_ old: String, _ new: String) throws -> StudyObstacle.Subject {
      try #require(throws: StudyObstacle.self) { try plan([(old, new)]) }.subject
    }
    #expect(try subject("ratios: [0.4, 0.8]", "ratios: [0.4, 0.401]") == .key("ratios"))
    #expect(
      try subject("criteria: [", "criteria: [{criterion: nonlinear, samples: 43}, ")
        == .key("criteria"))
    #expect(
      try subject("{batch: 16,", "{batch: 16, loss: binary_cross_entropy,") == .training("loss"))
  }

  @Test("refuses nonlinear on a large network unless forced")
  func nonlinear() throws {
    let large = DataFacts(
      digest: "the data", inputs: 784, outputs: 10, classes: (0..<10).map(String.init),
      trainingSamples: 60_000, validationSamples: nil, testSamples: 100)
    func plan(_ criterion: String) throws -> StudyPlan {
      try StudyPlan(
        of: StudyFixture.settings(
          StudyFixture.text.replacing("hidden: [7, 6]", with: "hidden: [300, 100]")
            .replacing("magnitude, random]", with: criterion + "]")), facts: [large])
    }
    #expect(throws: StudyObstacle.self) { try plan("nonlinear") }
    #expect(try plan("{criterion: nonlinear, force: true}").cells.count > 0)
  }
}
