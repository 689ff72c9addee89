import Engine
import NeuralNetworks
import NumericCore
import Pruning
import Testing

@Suite("Bias shifts")
struct BiasShiftTests {
  private let pool = WorkerPool(threadCount: 1)

  @Test(
    "add the sum of the removed weights' shifts to their units' biases",
    arguments: OutputMetric.allCases)
  func sums(metric: OutputMetric) throws {
    let network = randomNetwork([4, 5, 3])
    let context = try ScoringContext(
      network: network, samples: randomSamples(60, inputs: 4), loss: .crossEntropy(),
      metrics: [metric], pool: pool)
    let removed = [[1, 3, 4, 19], [0, 14]]
    var compensated = network
    BiasShift(metric: metric).apply(to: &compensated, removed: removed, context)
    for (index, layer) in network.layers.enumerated() {
      let shift = context.statistics(metric).elimination(index, layer: layer, pool: pool).shift
      for unit in 0..<layer.outputs {
        let own = removed[index].filter { $0 / layer.inputs == unit }
        let sum = own.reduce(0.0) { $0 + Double(shift[unit, $1 % layer.inputs]) }
        #expect(compensated.layers[index].bias[unit] == Float(Double(layer.bias[unit]) + sum))
      }
      #expect(compensated.layers[index].weights == layer.weights)
    }
    #expect(compensated != network)
  }

  @Test("keep each unit's mean under the metric none")
  func means() throws {
    let network = randomNetwork([4, 3])
    let samples = randomSamples(500, inputs: 4)
    let context = try ScoringContext(
      network: network, samples: samples, loss: .meanSquared, metrics: [.none], pool: pool)
    var pruned = network
    var mask = Mask(rows: 3, columns: 4)
    for weight in [0, 2, 7, 8, 9, 10, 11] { mask.remove(weight) }
    pruned.layers[0].apply(mask)
    BiasShift(metric: .none).apply(to: &pruned, removed: [[0, 2, 7, 8, 9, 10, 11]], context)
    func mean(_ network: Network) -> [Double] {
      let outputs = Predictor(network, pool: pool)
        .outputs(for: samples.inputs)
      return (0..<3).map { unit in
        (0..<500).reduce(0) { $0 + Double(outputs[$1, unit]) } / 500
      }
    }
    for (before, after) in zip(mean(network), mean(pruned)) { #expect(abs(before - after) < 1e-5) }
  }

  @Test("go by the name and metric that a schedule gives them")
  func name() {
    #expect(BiasShift(metric: .fisher).name == "ec")
    #expect(BiasShift(metric: .fisher).metric == .fisher)
    #expect(BiasShift.mean.name == "mean" && BiasShift.mean.metric == OutputMetric.none)
  }
}
