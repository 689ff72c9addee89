import Engine
import NeuralNetworks
import NumericCore
import Testing

@Suite("SampleSet")
struct SampleSetTests {
  @Test("Without indices a set holds all rows in their order", arguments: [0, 1, 17])
  func allRows(count: Int) {
    let samples = NetworkFixture.samples(count, inputs: 2, outputs: 3, labels: true)
    #expect(samples.count == count && samples.indices == (0..<Int32(count)).map { $0 })
  }

  @Test("A set of chosen rows is measured as if the others were not there")
  func chosenRows() {
    let all = NetworkFixture.samples(20, inputs: 4, outputs: 3, labels: true)
    guard case .labels(let labels) = all.targets else { return }
    let rows: [Int32] = [3, 19, 0, 7, 7]
    let network = NetworkFixture.network([4, 5, 3], activation: .tanh)
    let alone = SampleSet(
      inputs: Matrix(rows: 5, columns: 4, rows.flatMap { all.inputs.row(Int($0)) }),
      targets: .labels(rows.map { labels[Int($0)] }))
    let metrics = [SampleSet(inputs: all.inputs, targets: all.targets, indices: rows), alone].map {
      Evaluator(samples: $0, loss: .crossEntropy(), pool: WorkerPool(threadCount: 1))
        .metrics(of: network)
    }
    #expect(metrics[0] == metrics[1])
  }
}
