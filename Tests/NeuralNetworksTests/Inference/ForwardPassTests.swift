import NeuralNetworks
import NumericCore
import TestSupport
import Testing

@Suite("ForwardPass")
struct ForwardPassTests {
  @Test("Outputs are those of the definition for every activation", arguments: Activation.allCases)
  func reference(activation: Activation) {
    let network = NetworkFixture.network([5, 8, 6, 3], activation: activation)
    let samples = NetworkFixture.samples(19, inputs: 5, outputs: 3, labels: true)
    let pool = WorkerPool(threadCount: 2)
    var input = SampleBlock(features: 5, capacity: 19)
    var pass = ForwardPass(for: network, capacity: 19)
    let reference = ReferenceNetwork(network)
    // A full block, then a smaller one in the same memory.
    for rows in [samples.indices[...], samples.indices[4..<7]] {
      input.gather(samples.inputs, rows: rows, pool: pool)
      pass.run(network, input: input, pool: pool)
      let outputs = pass.outputs.samples
      #expect(outputs.rows == rows.count)
      for (position, row) in rows.enumerated() {
        let expected = reference.outputs(for: samples.inputs.row(Int(row)).map(Double.init))
        // Chains of three layers of Float32 sums.
        #expect(zip(outputs.row(position), expected).allSatisfy { abs(Double($0) - $1) < 2e-6 })
      }
    }
  }
}
