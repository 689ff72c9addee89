import Engine
import NeuralNetworks
import NumericCore
import TestSupport
import Testing

@Suite("Distance between outputs")
struct OutputDistanceTests {
  @Test(
    "distances are mean squares over samples, summed over outputs",
    arguments: [1, 16, 511, 512, 1200])
  func meanSquare(count: Int) {
    var random = SeededGenerator(seed: 3)
    let inputs = Matrix(rows: count, columns: 2, random.floats(count * 2))
    let samples = SampleSet(
      inputs: inputs, targets: .labels(Array(repeating: 0, count: count)),
      indices: (0..<Int32(count)).reversed())
    let network = Network(
      layers: [
        DenseLayer(
          name: "output", weights: Matrix(rows: 2, columns: 2, [1, 2, 3, 4]), bias: [0, 0],
          activation: .identity)
      ])
    let distance = OutputDistance(
      from: network, on: samples, pool: WorkerPool(threadCount: 2))
    #expect(distance.meanSquare(to: network) == 0)
    var moved = network
    moved.layers[0].bias = [0.5, -1]
    moved.layers[0].weights[1, 0] += 2
    let expected = (0..<count).reduce(0.0) {
      let change = 2 * Double(inputs[$1, 0]) - 1
      return $0 + 0.25 + change * change
    }
    #expect(abs(distance.meanSquare(to: moved) - expected / Double(count)) < 1e-5)
  }
}
