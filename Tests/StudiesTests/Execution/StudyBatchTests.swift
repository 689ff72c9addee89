import Engine
import NeuralNetworks
import NumericCore
import Pruning
import RunFixtures
import Runs
import Scheduler
import Storage
import Studies
import Testing

@Suite("The cells of a study") struct StudyBatchTests {
  @Test("whole units are compared with single weights, by scores shared over ratios or in steps")
  func units() throws {
    let fixture = try StudyFixture(
      StudyFixture.text.replacing(
        "magnitude, random]",
        with: "{criterion: ec, metric: output, name: units, budget: {granularity: unit}}, "
          + "{criterion: ec, metric: output, name: slow, steps: 3, budget: {granularity: unit}}]"))
    let rows = try fixture.run().outcome.table.untimed
    #expect(rows.count == 18)
    func losses(_ criterion: String) -> [Double?] {
      rows.filter { $0.identity.criterion == criterion }.map(\.result.lossBefore)
    }
    #expect(losses("units").count == 4 && losses("slow").count == 4)
    #expect(losses("units") != losses("ec") && losses("units") != losses("slow"))
  }

  @Test("weights grow back where that is stated, in one step and in several", arguments: [1, 3])
  func regrowth(steps: Int) throws {
    let fixture = try StudyFixture(
      StudyFixture.text.replacing(
        "magnitude, random]",
        with: "{criterion: magnitude, regrow: 0.3, steps: \(steps), name: regrown}]"))
    let rows = try fixture.run().outcome.table.untimed.filter {
      $0.identity.criterion == "regrown" && $0.identity.seed == 1
    }
    #expect(rows.count == 2)
    let (dense, data) = try fixture.denseNetwork()
    // It knows its data as the model of a run does.
    #expect(dense.interface?.inputs.map(\.name) == ["a", "b", "c", "d", "e"])
    #expect(dense.interface?.loss == .crossEntropy())
    let pool = WorkerPool(threadCount: 1)
    let count = dense.network.weightCount
    for row in rows {
      let kept = try Sparsity(row.identity.ratio).kept(of: count)
      let (state, report) = try Pruner(
        criterion: Magnitude(), compensation: NoCompensation(), regrowth: Regrowth(share: 0.3)
      ).prune(
        dense,
        through: GeometricSteps.counts(from: count, to: kept, steps: steps).map {
          .total(
            $0, budget: Budget(policy: .global), limits: dense.network.layers.map { _ in .none })
        }, samples: data.training, loss: .crossEntropy(),
        draws: ScoringDraws(seed: Philox.seed(1, named: "prune")), pool: pool)
      #expect(report.layers.contains { $0.regrown > 0 })
      let metrics = Evaluator(
        samples: try #require(data.test), loss: .crossEntropy(), pool: pool
      ).metrics(of: state.network)
      #expect(row.result.lossBefore == metrics.loss)
    }
  }
}
