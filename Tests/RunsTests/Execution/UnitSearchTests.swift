import Engine
import NeuralNetworks
import NumericCore
import RunFixtures
import Runs
import Scheduler
import Storage
import Testing

@Suite("Searching the widths of hidden layers")
struct UnitSearchTests {
  private static func stages(finetune: String, compensation: String = "least_squares") -> String {
    """
    stages:
      - train: {epochs: 8}
      - alternate:
          until: {validation: {accuracy_drop: 0.1}}
          sparsity: {step: 0.5, minimal_step: 0.1}
          prune: {compensation: \(compensation)}
          budget: {granularity: unit}
          finetune: \(finetune)
      - evaluate: {part: test}
    """
  }

  /// Units of layer `index` with weights on both sides.
  private func live(_ network: Network, _ index: Int) -> Int {
    let (lower, upper) = (network.layers[index], network.layers[index + 1])
    return (0..<lower.outputs).count { unit in
      (0..<lower.inputs).contains { lower.mask?[unit * lower.inputs + $0] ?? true }
        && (0..<upper.outputs).contains { upper.mask?[$0 * upper.inputs + unit] ?? true }
    }
  }

  @Test(
    "finds widths with which the accuracy holds, with and without training",
    arguments: [
      "none", "{epochs: 1}",
    ])
  func widths(finetune: String) throws {
    let fixture = try SearchFixture.finished(Self.stages(finetune: finetune))
    let dense = try fixture.contents("train").state.network
    let found = try fixture.contents("alternate").state.network
    #expect((0..<2).contains { live(found, $0) < live(dense, $0) })
    // But for one unit that is left in part, weights are those between units that are left.
    let widths = [4, live(found, 0), live(found, 1), found.outputs]
    let between = zip(widths, widths.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(found.remaining - between) <= 4 + 6)
    let manifest = try fixture.manifest
    let report = try #require(manifest.stages.last { $0.name == "alternate" }?.search)
    #expect(report.weights == found.remaining && report.weights < report.before)
    let last = try #require(manifest.stages.last { $0.name == report.held })
    let verdict = try #require(last.verdict)
    #expect(verdict.holds && verdict.change! <= 0.1)
    #expect(last.kind == (finetune == "none" ? .prune : .finetune))
    #expect(try fixture.verdicts().contains(false))
    #expect(manifest.stages.contains { $0.kind == .finetune } == (finetune != "none"))
    // The step that failed was halved down to the smallest.
    #expect(report.reason == SearchStop.Reason.minimalStep.rawValue)
    #expect(try fixture.run().computed == 0)
    let deep = try DeepVerification(
      folder: fixture.run, pool: WorkerPool(threadCount: 1), surroundings: .still
    ).report()
    #expect(deep.findings.isEmpty)
  }

  @Test(
    "interrupted anywhere it ends in the same bits, on any number of threads",
    arguments: ["none", "{epochs: 1}"])
  func interrupted(finetune: String) throws {
    let schedule = RunFixture.head + Self.stages(finetune: finetune)
    _ = try InterruptedPruning.steps(schedule, interruptions: 14)
  }

  @Test("an optimizer that goes on does so across a search that does not train")
  func moments() throws {
    let search = Self.stages(finetune: "none").replacing("  - evaluate: {part: test}", with: "")
    let fixture = try SearchFixture.finished(
      search + "\n  - finetune: {epochs: 1, optimizer: continue}")
    let (before, found) = (
      try fixture.contents("train").state, try fixture.contents("alternate").state
    )
    #expect(found.optimizer != nil && found.optimizer?.steps == before.optimizer?.steps)
    // A fresh one needs no moments, and none are stored.
    let fresh = try SearchFixture.finished(search + "\n  - finetune: {epochs: 1}")
    #expect(try fresh.contents("alternate").state.optimizer == nil)
    #expect(
      try fresh.contents("alternate").state.network == fixture.contents("alternate").state.network)
  }
}
