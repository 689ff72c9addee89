import Engine
import NumericCore

extension Evaluator {
  /// The errors of `network` on samples with values, in original units: an array a target, an element a
  /// sample, in the order of the samples.
  package func errors(of network: Network) -> [[Double]] {
    let parameters = ChainParameters(network, trains: false)
    let capacity = min(Evaluator.blockSize, samples.count)
    let chain = InferenceChain(parameters: parameters, capacity: capacity, pool: pool)
    var outputs = SampleBlock(features: parameters.outputs, capacity: capacity)
    let units = (0..<parameters.outputs).map { 1 / (targetScaling?.scale[$0] ?? 1) }
    var errors: [[Double]] = units.map { _ in [] }
    var start = 0
    while start < samples.count {
      let rows = samples.indices[start..<min(start + capacity, samples.count)]
      chain.run(samples.inputs, rows: rows, into: &outputs)
      for (sample, row) in rows.enumerated() {
        for output in units.indices {
          let error = Double(outputs.values[output, sample]) - samples.value(of: row, output)
          errors[output].append(error * units[output])
        }
      }
      start += rows.count
    }
    return errors
  }
}
