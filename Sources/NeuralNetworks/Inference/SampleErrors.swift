import Engine
import NumericCore

extension Evaluator {
  /// The errors of `network` on samples with values, in original units: an array a target, an element a
  /// sample, in the order of the samples.
  package func errors(of network: Network) -> [[Double]] {
    let units = (0..<network.outputs).map { 1 / (targetScaling?.scale[$0] ?? 1) }
    var errors: [[Double]] = units.map { _ in [] }
    OutputBlocks(network, self).forEach { rows, outputs in
      for (sample, row) in rows.enumerated() {
        for output in units.indices {
          let error = Double(outputs.values[output, sample]) - samples.value(of: row, output)
          errors[output].append(error * units[output])
        }
      }
    }
    return errors
  }

  /// How far `network` is off on each sample with values, over all targets: the root of the mean of their squared
  /// errors, each in standard deviations of its target among the samples. Targets that do not vary do not count;
  /// not a number where none does.
  package func normalizedErrors(of network: Network) -> [Double] {
    let count = Double(samples.count)
    let all = errors(of: network).enumerated().compactMap { output, errors -> [Double]? in
      let unit = 1 / (targetScaling?.scale[output] ?? 1)
      let values = samples.indices.map { samples.value(of: $0, output) * unit }
      let mean = values.reduce(0, +) / count
      let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      return square > 0 ? errors.map { $0 * $0 / square } : nil
    }
    return (0..<samples.count).map { sample in
      (all.reduce(0) { $0 + $1[sample] } / Double(all.count)).squareRoot()
    }
  }
}
