import Engine
import NeuralNetworks
import NumericCore

/// Runs a network: prepared once, with sparse layers in compressed form, then called any number of
/// times without allocating memory.
///
/// It takes and gives raw units, as the data were before training. Outputs of a classifier are logits.
/// They have the same bits on every run and for any number of threads on one kind of processor. One or
/// two samples take other kernels than more of them, and may differ from the same sample in a larger
/// batch by rounding.
///
/// A class, because it owns working memory that it changes in place. One thread at a time may use it;
/// make one for each.
public final class Predictor {
  /// Numbers that a sample has.
  public let inputCount: Int
  /// Numbers that a sample gets.
  public let outputCount: Int

  private let chain: InferenceChain
  private let inputScaling: AffineScaling?
  private let targetScaling: AffineScaling?
  /// [capacity, inputs], in the network's units.
  private var inputs: Matrix
  /// [capacity, outputs], in the network's units.
  private var outputs: Matrix

  /// Samples that go through the network at once; of a larger batch piece by piece.
  private static let capacity = 256

  /// Prepares `network`.
  ///
  /// Memory: up to 12 bytes a weight that is left, 4 bytes a weight of a dense layer, and 1 KB a unit of
  /// the widest layer and thread.
  /// - Parameter threads: that share the samples of a batch, at least 1. The others spin for a moment
  ///   behind a call and then sleep.
  public init(_ network: PrunedNetwork, threads: Int = 1) {
    precondition(threads >= 1, "a predictor has at least one thread")
    inputCount = network.inputCount
    outputCount = network.outputCount
    inputScaling = network.state.inputScaling
    targetScaling = network.state.targetScaling
    chain = InferenceChain(
      parameters: ChainParameters(network.state.network, trains: false), capacity: Self.capacity,
      pool: WorkerPool(threadCount: threads))
    inputs = Matrix(rows: Self.capacity, columns: network.inputCount)
    outputs = Matrix(rows: Self.capacity, columns: network.outputCount)
    // The form for single samples is made by the first of them.
    chain.run(inputs, first: 0, count: 1, into: &outputs)
  }

  /// The outputs for a batch.
  ///
  /// - Parameter samples: [samples, inputs], row by row: a whole number of samples, 0 included.
  /// - Returns: [samples, outputs], row by row.
  public func predict(_ samples: [Float]) -> [Float] {
    let count = samples.count / inputCount
    var result = [Float](repeating: 0, count: count * outputCount)
    var span = result.mutableSpan
    predict(samples.span, into: &span)
    return result
  }

  /// Writes the outputs for a batch, or for one sample, into memory of the caller's; allocates nothing.
  ///
  /// - Parameters:
  ///   - samples: [samples, inputs], row by row: a whole number of samples, 0 included.
  ///   - result: [samples, outputs], row by row; as many as there are samples.
  public func predict(_ samples: Span<Float>, into result: inout MutableSpan<Float>) {
    let count = samples.count / inputCount
    precondition(samples.count == count * inputCount, "a number for every input of every sample")
    precondition(result.count == count * outputCount, "room for every output of every sample")
    var first = 0
    while first < count {
      let piece = min(Self.capacity, count - first)
      take(samples, first: first, count: piece)
      chain.run(inputs, first: 0, count: piece, into: &outputs)
      give(&result, first: first, count: piece)
      first += piece
    }
  }

  /// The class of each sample of a batch, as a position in `PrunedNetwork.classes`: the largest logit's,
  /// the first of equal ones; of a network with one output 1 where it is above 0.
  ///
  /// - Parameter samples: [samples, inputs], row by row.
  public func classify(_ samples: [Float]) -> [Int] {
    let logits = predict(samples)
    return (0..<(samples.count / inputCount)).map { sample in
      let row = logits[(sample * outputCount)..<((sample + 1) * outputCount)]
      guard outputCount > 1 else { return row.first ?? 0 > 0 ? 1 : 0 }
      let largest = row.max() ?? 0
      return row.firstIndex(of: largest).map { $0 - row.startIndex } ?? 0
    }
  }

  /// Copies samples in, in the network's units.
  private func take(_ samples: Span<Float>, first: Int, count: Int) {
    let (columns, scaling) = (inputCount, inputScaling)
    inputs.withMutableSpan { inputs in
      let start = first * columns
      guard let scaling else {
        for index in 0..<(count * columns) { inputs[index] = samples[start + index] }
        return
      }
      for row in 0..<count {
        for column in 0..<columns {
          let index = row * columns + column
          inputs[index] = Float(scaling.scaled(Double(samples[start + index]), column: column))
        }
      }
    }
  }

  /// Copies outputs out, in raw units.
  private func give(_ result: inout MutableSpan<Float>, first: Int, count: Int) {
    let (columns, start) = (outputCount, first * outputCount)
    outputs.withElements { outputs in
      for row in 0..<count {
        for column in 0..<columns {
          let index = row * columns + column
          let value = outputs[index]
          result[start + index] =
            targetScaling.map {
              Float($0.raw(Double(value), column: column))
            } ?? value
        }
      }
    }
  }
}
