import Glibc
import NumericCore

/// How far the outputs of chains are from those of a reference, over the same samples, where each chain
/// differs in some of its layers from the last one.
///
/// A class, because it keeps what the layers of the last chain gave.
package final class OutputMovement {
  private let weighting: OutputWeighting
  private let outputs: Int
  private let chain: RepeatedChain
  private let memory = ChainMemory()
  /// Of every sample, its outputs by the reference.
  private let reference: UnsafeMutablePointer<Double>
  /// Likewise log p and p, for softmax.
  private let logarithms: UnsafeMutablePointer<Double>
  private let probabilities: UnsafeMutablePointer<Double>
  /// The error of every sample.
  private let errors: UnsafeMutablePointer<Double>

  /// Samples whose squares are added output by output: as many as `InferenceChain` is given at a time
  /// elsewhere, so that sums are the same bits.
  private static let block = 512

  /// Remembers what `layers` make of the samples `rows` (at least one) of `data` [rows, inputs].
  ///
  /// Memory: 4 bytes a sample and unit or input, 24 a sample and output.
  package init(
    from layers: [ChainParameters], under weighting: OutputWeighting, data: Matrix, rows: [Int32],
    pool: WorkerPool, product: DenseProduct = .tiles
  ) {
    let working = layers.map { $0.layers[0] }
    self.weighting = weighting
    outputs = working[working.count - 1].outputs
    chain = RepeatedChain(
      features: [working[0].inputs] + working.map(\.outputs), data: data, rows: rows, pool: pool,
      product: product)
    let isSoftmax = weighting == .softmax
    reference = memory.allocate(rows.count * outputs, filledWith: 0.0)
    logarithms = memory.allocate(isSoftmax ? rows.count * outputs : 0, filledWith: 0.0)
    probabilities = memory.allocate(isSoftmax ? rows.count * outputs : 0, filledWith: 0.0)
    errors = memory.allocate(rows.count, filledWith: 0.0)
    let (outputs, reference, width) = (outputs, reference, RepeatedChain.width)
    let (logarithms, probabilities) = (logarithms, probabilities)
    chain.run(layers, from: 0) { samples, y in
      for sample in samples {
        let (start, column) = (sample * outputs, sample - samples.lowerBound)
        for output in 0..<outputs {
          reference[start + output] = Double(y[output * width + column])
        }
        guard isSoftmax else { continue }
        let scale = Divergence.logSumExp(reference + start, count: outputs)
        for place in start..<start + outputs {
          logarithms[place] = reference[place] - scale
          probabilities[place] = exp(logarithms[place])
        }
      }
    }
  }

  /// E‖y' − y‖², or, by what the weighting takes outputs for, the mean divergence between predictive
  /// distributions in nats a sample.
  ///
  /// - Parameters:
  ///   - layers: one a layer, with the reference's inputs and outputs.
  ///   - first: below it, layers are those of the last call.
  package func distance(to layers: [ChainParameters], from first: Int) -> Double {
    let (outputs, reference, width) = (outputs, reference, RepeatedChain.width)
    let (logarithms, probabilities, errors) = (logarithms, probabilities, errors)
    let weighting = weighting
    chain.run(layers, from: first) { samples, y in
      for sample in samples {
        let (start, y) = (sample * outputs, y + (sample - samples.lowerBound))
        switch weighting {
        case .none, .euclidean: return
        case .softmax:
          errors[sample] = Divergence.softmax(
            logarithms + start, probabilities + start, to: y, stride: width, count: outputs)
        case .logistic:
          var sum = 0.0
          for output in 0..<outputs {
            sum += Divergence.logistic(
              from: reference[start + output], to: Double(y[output * width]))
          }
          errors[sample] = sum
        }
      }
    }
    var sum = 0.0
    switch weighting {
    case .none, .euclidean: sum = squares()
    case .softmax, .logistic: for sample in 0..<chain.samples { sum += errors[sample] }
    }
    return sum / Double(chain.samples)
  }

  private func squares() -> Double {
    var sum = 0.0
    for start in stride(from: 0, to: chain.samples, by: Self.block) {
      for output in 0..<outputs {
        for sample in start..<min(chain.samples, start + Self.block) {
          let difference =
            Double(chain.output(output, of: sample)) - reference[sample * outputs + output]
          sum += difference * difference
        }
      }
    }
    return sum
  }
}

/// The divergence between what a classifier says before and after.
private enum Divergence {
  /// Σ p_k (log p_k − log q_k), with q the softmax of the outputs at `y`.
  static func softmax(
    _ logarithms: UnsafePointer<Double>, _ probabilities: UnsafePointer<Double>,
    to y: UnsafePointer<Float>, stride: Int, count: Int
  ) -> Double {
    var largest = Double(y[0])
    for output in 1..<max(1, count) {
      let value = Double(y[output * stride])
      if value > largest { largest = value }
    }
    var total = 0.0
    for output in 0..<count { total += exp(Double(y[output * stride]) - largest) }
    let scale = largest + log(total)
    var sum = 0.0
    for output in 0..<count {
      sum += probabilities[output] * (logarithms[output] - (Double(y[output * stride]) - scale))
    }
    // Roundings could leave a little less than nothing; what is not a number stays so.
    return sum < 0 ? 0 : sum
  }

  /// The same of two Bernoulli distributions, by their logits.
  static func logistic(from old: Double, to new: Double) -> Double {
    let (scaleOld, scaleNew) = (softplus(old), softplus(new))
    var sum = 0.0
    for (a, b) in [(old, new), (0, 0)] {
      let logP = a - scaleOld
      sum += exp(logP) * (logP - (b - scaleNew))
    }
    return sum < 0 ? 0 : sum
  }

  /// log (exp x + 1).
  private static func softplus(_ x: Double) -> Double {
    let largest = x < 0 ? 0 : x
    return largest + log(exp(x - largest) + exp(-largest))
  }

  /// log Σ exp of the numbers at `values`.
  static func logSumExp(_ values: UnsafePointer<Double>, count: Int) -> Double {
    var largest = values[0]
    for index in 1..<max(1, count) where values[index] > largest { largest = values[index] }
    var sum = 0.0
    for index in 0..<count { sum += exp(values[index] - largest) }
    return largest + log(sum)
  }
}
