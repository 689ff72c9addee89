import NeuralNetworks
import NumericCore

/// Gaussian inputs with the mean and the covariance of each class of a training part: images from which everything
/// beyond the second moments is taken, edges with it.
///
/// A surrogate of class c, of whose n training samples x̃ᵢ are the deviations from their mean, is
///
///     x = mean_c + n^(−½) Σᵢ gᵢ x̃ᵢ   for independent gᵢ from N(0, 1),
///
/// whose covariance given the samples is exactly theirs, (1/n) Σ x̃ᵢ x̃ᵢᵀ. Nothing is factored, so pixels that never
/// vary do no harm: they stay as they are.
///
/// Mean and covariance are those of each class, which is a choice. With one Gaussian for all classes labels would say
/// nothing about inputs, and there would be nothing to learn. Means and covariances of the classes together
/// have the mean and the covariance of all images, by the law of total variance.
package struct GaussianSurrogate: Sendable {
  /// For each class its mean, [features], and deviations over √n, [samples of the class, features].
  private let classes: [(mean: [Float], deviations: Matrix)]

  /// Measures the classes of `training`; of values, all samples are one class.
  package init(_ training: SampleSet) {
    let members = Self.members(of: training)
    classes = members.map { rows in
      let columns = training.inputs.columns
      let n = Double(max(rows.count, 1))
      var mean = [Double](repeating: 0, count: columns)
      var deviations = Matrix(rows: rows.count, columns: columns)
      training.inputs.withSpan { inputs in
        for row in rows {
          for column in 0..<columns {
            mean[column] += Double(inputs[Int(training.indices[row]) * columns + column]) / n
          }
        }
        deviations.withMutableSpan { deviations in
          for (sample, row) in rows.enumerated() {
            for column in 0..<columns {
              let value = Double(inputs[Int(training.indices[row]) * columns + column])
              deviations[sample * columns + column] = Float(
                (value - mean[column]) / n.squareRoot())
            }
          }
        }
      }
      return (mean.map { Float($0) }, deviations)
    }
  }

  /// Surrogates with the targets of `samples`, one for one: those of a class that the training part does not have are
  /// 0. Sample i is drawn by the stream (seed, purpose, i).
  package func samples(like samples: SampleSet, seed: UInt64, pool: WorkerPool) -> SampleSet {
    var inputs = Matrix(rows: samples.count, columns: samples.inputs.columns)
    for (number, rows) in Self.members(of: samples).enumerated() where number < classes.count {
      let (mean, deviations) = classes[number]
      // In pieces, which bound the memory of the draws.
      for start in stride(from: 0, to: rows.count, by: Self.pieceSize) {
        let piece = rows[start..<min(start + Self.pieceSize, rows.count)]
        var draws = Matrix(rows: piece.count, columns: deviations.rows)
        for (place, row) in piece.enumerated() {
          var generator = Philox(seed: seed, purpose: .surrogate, index: UInt64(row))
          for (column, draw) in generator.normals(deviations.rows).enumerated() {
            draws[place, column] = Float(draw)
          }
        }
        var values = Matrix(rows: piece.count, columns: inputs.columns)
        MatrixProduct.multiply(draws, deviations, into: &values, pool: pool)
        for (place, row) in piece.enumerated() {
          for column in 0..<inputs.columns {
            inputs[row, column] = mean[column] + values[place, column]
          }
        }
      }
    }
    return samples.replacingInputs(inputs)
  }

  private static let pieceSize = 1_024

  /// The positions of the samples of each class among the samples.
  private static func members(of samples: SampleSet) -> [[Int]] {
    guard case .labels(let labels) = samples.targets else { return [Array(0..<samples.count)] }
    var members: [[Int]] = []
    for (position, row) in samples.indices.enumerated() {
      let label = Int(labels[Int(row)])
      while members.count <= label { members.append([]) }
      members[label].append(position)
    }
    return members
  }
}
