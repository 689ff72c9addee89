import NeuralNetworks
import NumericCore
import Pruning
import Scheduler
import Testing

@Suite("Scored models")
struct ScoredModelTests {
  @Test("are pruned to every target as each alone would be")
  func sameBits() throws {
    let pool = WorkerPool(threadCount: 2)
    let model = ModelState(network: randomNetwork([5, 7, 4, 3]))
    let samples = randomSamples(40, inputs: 5)
    let draws = ScoringDraws(seed: 3)
    let limits = try model.network.layers.map { _ in try LayerLimits(allowsEmpty: true) }
    let pruners = [
      Pruner(criterion: .ec(metric: .output), compensation: .ec(metric: .output)),
      Pruner(criterion: .ec(metric: .output), compensation: LeastSquares(metric: .output)),
      Pruner(
        criterion: Magnitude(), compensation: NoCompensation(), regrowth: Regrowth(share: 0.3)),
    ]
    for pruner in pruners {
      let scored = try pruner.score(
        model, samples: samples, loss: .meanSquared, draws: draws, pool: pool)
      for kept in [60, 25, 4] {
        let target = PruningTarget.total(kept, budget: Budget(policy: .global), limits: limits)
        let alone = try pruner.prune(
          model, to: target, samples: samples, loss: .meanSquared, draws: draws, pool: pool)
        let (state, report) = try scored.pruned(to: target)
        #expect(state == alone.state && report == alone.report)
        #expect(state.network.remaining == kept)
      }
    }
  }
}
