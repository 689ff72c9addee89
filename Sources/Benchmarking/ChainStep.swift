import Engine
import NeuralNetworks
import NumericCore

/// A network [width, width, width] whose training steps are timed with its pruned layers held the one
/// way or the other, whatever the committed table says.
struct ChainStep {
  private let chain: TrainingChain
  private let data: Matrix
  private let labels: [Int32]
  private let rows: [Int32]
  private let noValues: SampleBlock

  /// A network of two layers, all widths equal.
  struct Model {
    let maps: [AffineMap]
    let masks: [[UInt64]]

    /// - Parameter density: the share of weights that is kept.
    init(width: Int, density: Double) {
      let bound = (6 / Double(width)).squareRoot()
      maps = [Activation.relu, .identity].enumerated().map { index, activation in
        var generator = Philox(seed: 4, purpose: .benchmark, index: UInt64(index))
        var weights = Matrix(rows: width, columns: width)
        weights.withMutableSpan { span in
          for index in span.indices { span[index] = Float((2 * generator.nextUnit() - 1) * bound) }
        }
        return AffineMap(
          weights: weights, bias: Array(repeating: 0, count: width), activation: activation,
          slope: 0)
      }
      masks = (0..<2).map { layer in
        Mask.random(rows: width, columns: width, sparsity: 1 - density, layer: layer).words
      }
    }

    var width: Int { maps[0].weights.rows }
  }

  /// - Parameter compressed: whether the layers are held as compressed rows; else as masked dense ones.
  init(_ model: Model, batch: Int, compressed: Bool, pool: WorkerPool) {
    let width = model.width
    let parameters = ChainParameters(
      maps: model.maps, masks: model.masks, trains: true,
      table: KernelTable(density: compressed ? 1 : -1))
    let zeros = (0..<2).map { _ in
      ChainMoments.Layer(
        weights: Matrix(rows: width, columns: width), bias: Array(repeating: 0, count: width),
        slope: 0)
    }
    let moments = ChainMoments(parameters, first: zeros, second: zeros)
    chain = TrainingChain(
      parameters: parameters, moments: moments, capacity: batch, clips: false, pool: pool)
    data = .normal(rows: batch, columns: width)
    labels = (0..<batch).map { Int32($0 % width) }
    rows = (0..<Int32(batch)).map { $0 }
    noValues = SampleBlock(features: 1, capacity: 1)
  }

  /// One Adam step.
  func callAsFunction() {
    _ = chain.propagate(
      data, rows: rows[...], loss: .crossEntropy(smoothing: 0), labels: labels, values: noValues,
      scale: 1 / Float(rows.count))
    chain.update(
      .adam(
        step: 1e-4, beta1: 0.9, beta2: 0.999, inverseRoot: 1, epsilon: 1e-8, coupledDecay: 0,
        shrink: 1),
      clipNorm: nil)
  }
}
