import NumericCore
import Pruning
import Testing

@Suite("The criterion ec")
struct EliminationCompensationTests {
  @Test(
    "gives the importances of the statistics under its metric", arguments: OutputMetric.allCases)
  func importances(metric: OutputMetric) throws {
    let pool = WorkerPool(threadCount: 1)
    let network = randomNetwork([4, 5, 3])
    let context = try ScoringContext(
      network: network, samples: randomSamples(30, inputs: 4), loss: .crossEntropy(),
      metrics: OutputMetric.allCases + [metric], pool: pool)
    let criterion = EliminationCompensation(metric: metric)
    #expect(criterion.name == "ec" && criterion.metric == metric)
    let found = criterion.importances(context)
    #expect(context.statistics(metric).metric == metric)
    for (index, layer) in network.layers.enumerated() {
      let expected = context.statistics(metric).elimination(index, layer: layer, pool: pool)
      #expect(found[index] == expected.importance)
    }
    #expect(found.count == 2)
  }
}
