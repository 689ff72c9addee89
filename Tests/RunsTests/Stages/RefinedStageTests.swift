import Foundation
import NumericCore
import Pruning
import RunFixtures
import Runs
import Storage
import Testing

@Suite("Stages that refine")
struct RefinedStageTests {
  private static let settings = "steps: 3, refine: {target: both, iterations: 6, held_out: 0.25}"

  private func finished(_ stages: String) throws -> RunFixture {
    let fixture = try RunFixture(RunFixture.head + stages)
    try fixture.run()
    return fixture
  }

  private func report(_ fixture: RunFixture) -> RefinementReport? {
    fixture.events.compactMap { event in
      if case .weightsPruned(_, let report) = event { report.refinement } else { nil }
    }.first
  }

  @Test(
    "say what they did, keep the mask that is there without, and change weights and biases",
    arguments: ["outputs", "labels", "both"])
  func report(target: String) throws {
    let plain = try finished("stages: [train: {epochs: 3}, prune: {to: 0.7}]")
    #expect(report(plain) == nil)
    let fixture = try finished(
      "stages: [train: {epochs: 3}, prune: {to: 0.7, refine: {target: \(target)}}]")
    let report = try #require(self.report(fixture))
    #expect(report.target.rawValue == target && report.iterations <= 30 && report.seconds >= 0)
    #expect(report.fitted.after <= report.fitted.before)
    #expect(report.heldOut.after <= report.heldOut.before)
    let networks = try [plain, fixture].map { try $0.contents("prune").state.network.layers }
    #expect(networks[0].map(\.mask) == networks[1].map(\.mask))
    if report.steps > 0 { #expect(networks[0].map(\.weights) != networks[1].map(\.weights)) }
  }

  @Test("interrupted anywhere, they end in the same bits, on any number of threads")
  func interrupted() throws {
    let schedule =
      RunFixture.head + "stages: [train: {epochs: 1}, prune: {to: 0.8, \(Self.settings)}]"
    let steps = try InterruptedPruning.steps(schedule, interruptions: 20)
    // Behind the last step too: the refinement begins anew from what that step went on from.
    #expect(steps == [1, 2])
  }

  @Test("come out of a replay with the same bits, in rounds too, and verify finds nothing")
  func replay() throws {
    let fixture = try finished(
      """
      stages:
        - train: {epochs: 2}
        - alternate:
            rounds: 2
            sparsity: {to: 0.8}
            prune: {\(Self.settings)}
            finetune: {epochs: 1}
      """)
    for record in try fixture.manifest.stages where record.kind == .prune {
      let outcome = try StageReplay(
        session: fixture.session(), pool: WorkerPool(threadCount: 2), events: { _ in }
      ).run(stage: record.name, restores: false)
      #expect(outcome.isSame)
    }
    let verification = try DeepVerification(
      folder: fixture.run, pool: WorkerPool(threadCount: 1), surroundings: .still
    ).report()
    #expect(verification.findings.isEmpty && verification.checkpoints == 5)
  }

  @Test(
    "have in their key every setting, and their name, by which samples are drawn; others do not")
  func keys() throws {
    func stage(_ settings: String) throws -> PlannedStage {
      try PlanFixture.plan("stages: [prune: {to: 0.5\(settings)}]").stages[0]
    }
    let plain = try stage("")
    #expect(plain.settings["refine"] == nil && plain.settings["draws"] == nil)
    let refined = try stage(", refine: {}")
    #expect(refined.settings["draws"] == "prune")
    #expect(
      refined.settings["refine"] == [
        "target": "outputs", "iterations": 30, "damping": 0.03, "held_out": 0.1, "averaged": 1,
      ])
    let keys = try [
      "{}", "{target: both}", "{iterations: 31}", "{damping: 0.1}", "{held_out: 0.2}",
      "{averaged: 2}",
    ].map { try stage(", refine: \($0)").key }
    #expect(Set(keys + [plain.key]).count == 7)
    #expect(try stage(", refine: {target: outputs, iterations: 30}").key == keys[0])
  }

  @Test("of which no sample would be held out, or none be left, are refused before anything runs")
  func heldOut() {
    func refuses(_ settings: String, _ reason: String) {
      #expect(throws: PlanObstacle(.stage("prune"), reason)) {
        try PlanFixture.plan("stages: [prune: {to: 0.5, \(settings)}]")
      }
    }
    refuses(
      "refine: {held_out: 0.01}",
      "refine holds out 0 of 36 samples, a share of 0.01, and needs one at least; give it more samples, or "
        + "another held_out")
    refuses(
      "samples: 3, refine: {}",
      "refine holds out 0 of 3 samples, a share of 0.1, and needs one at least; give it more samples, or "
        + "another held_out")
    refuses(
      "refine: {held_out: 0.99}",
      "refine holds out 36 of 36 samples, a share of 0.99, and none is left to fit; give it more samples, or "
        + "another held_out")
  }

  @Test("hold the numbers that they need in memory")
  func memory() throws {
    let schedule = "stages: [prune: {to: 0.5, compensation: none}]"
    let plain = try PlanFixture.plan(schedule)
    let refined = try PlanFixture.plan(
      schedule.replacingOccurrences(of: "none}", with: "none, refine: {}}"))
    let needs = [plain, refined].map { MemoryNeed(of: $0)?.statistics }
    #expect(needs[0] == 0)
    #expect(needs[1] == 8 * 6 * Double(refined.stages[0].weights!))
  }
}
