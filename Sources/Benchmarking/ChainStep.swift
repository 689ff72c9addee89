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
    let layers: [DenseLayer]

    /// - Parameter density: the share of weights that is kept.
    init(width: Int, density: Double) {
      let bound = (6 / Double(width)).squareRoot()
      layers = [Activation.relu, .identity].enumerated().map { index, activation in
        var generator = Philox(seed: 4, purpose: .benchmark, index: UInt64(index))
        var weights = Matrix(rows: width, columns: width)
        weights.withMutableSpan { span in
          for index in span.indices { span[index] = Float((2 * generator.nextUnit() - 1) * bound) }
        }
        return DenseLayer(
          name: Network.layerName(index, of: 2), weights: weights,
          bias: Array(repeating: 0, count: width), activation: activation,
          mask: .random(rows: width, columns: width, sparsity: 1 - density, layer: index))
      }
    }

    var width: Int { layers[0].outputs }
  }

  /// - Parameter compressed: whether the layers are held as compressed rows; else as masked dense ones.
  init(_ model: Model, batch: Int, compressed: Bool, pool: WorkerPool) {
    let width = model.width
    let parameters = ChainParameters(
      model.layers, trains: true, table: KernelTable(density: compressed ? 1 : -1))
    let zeros = model.layers.map(LayerMoments.init(zerosFor:))
    let moments = ChainMoments(parameters, first: zeros, second: zeros)
    chain = TrainingChain(
      parameters: parameters, moments: moments, capacity: batch, clips: false, pool: pool)
    data = .normal(rows: batch, columns: width)
    labels = (0..<batch).map { Int32($0 % width) }
    rows = (0..<Int32(batch)).map { $0 }
    noValues = SampleBlock(features: 1, capacity: 1)
  }

  /// Seconds of a step of a network of that width with that share of its weights, at best, in each of `forms`:
  /// with compressed rows or masked dense ones.
  static func seconds(
    width: Int, density: Double, batch: Int, compressed forms: [Bool], pool: WorkerPool,
    timing seconds: Double
  ) -> [Double] {
    let model = Model(width: width, density: density)
    let steps = forms.map { ChainStep(model, batch: batch, compressed: $0, pool: pool) }
    return Stopwatch(seconds: seconds, repeats: 5).best(steps.map { step in { step() } })
  }

  /// One Adam step.
  func callAsFunction() {
    _ = chain.propagate(
      data, rows: rows[...], loss: .crossEntropy(), labels: labels, values: noValues,
      scale: 1 / Float(rows.count))
    chain.update(
      .adam(
        step: 1e-4, beta1: 0.9, beta2: 0.999, inverseRoot: 1, epsilon: 1e-8, coupledDecay: 0,
        shrink: 1),
      clipNorm: nil)
  }
}
