import Benchmarking
import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import Storage

/// What a model takes: stored, in memory, and in time, beside the dense network that it was made from, before
/// units of it were left out, and the smaller one that shrinking makes of it.
package struct ModelSizes: Sendable, Equatable {
  /// The forms of a model that are compared.
  package enum Form: String, Sendable, CaseIterable {
    /// With a number in the place of every removed weight, those of units that were left out included.
    case dense
    /// As it is.
    case pruned
    /// Without what cannot matter, as exports are unless told otherwise.
    case shrunk
  }

  /// What one of them takes.
  package struct Variant: Sendable, Equatable {
    package let form: Form
    /// Of the input, of every hidden layer and of the output.
    package let widths: [Int]
    /// Live weights; also the multiply-adds of a sample where removed weights are not multiplied.
    package let weights: Int
    /// Weights in all: the multiply-adds of a sample where they are.
    package let total: Int
    /// Bytes of memory for one sample: each layer as a matrix or as compressed rows, whichever is smaller,
    /// biases, slopes, and two buffers as long as the widest layer, the input included.
    package let memory: Int
    /// Bytes that no coding of masks and survivors goes below; see `EntropyBound`.
    package let bound: Int
    /// In each form that can be written, the checkpoint first; files as `export` writes them.
    package let footprints: [Footprint]
    /// Of a call with so many samples; empty where nothing was measured.
    package let times: [Time]
  }

  /// What a call takes.
  package struct Time: Sendable, Equatable {
    package let samples: Int
    package let milliseconds: Double
  }

  /// The samples of the calls that are measured.
  package static let batches = [1, 64]

  package let variants: [Variant]

  /// - Parameters:
  ///   - saysTask: whether it is known that the model is a classifier, or none.
  ///   - origin: what files of the model say of where it comes from.
  ///   - fingerprint: what its checkpoint says that its bits depend on.
  ///   - pool: measures what calls take; nil for not at all.
  package init(
    of state: ModelState, saysTask: Bool = true, origin: ModelOrigin? = nil,
    fingerprint: JSONValue? = nil, pool: WorkerPool?
  ) {
    var plain = state
    plain.optimizer = nil
    let models: [(Form, ModelState)] = [
      (.dense, plain.original.map(plain.restored)?.filled ?? plain.filled), (.pruned, plain),
      (.shrunk, Shrinking(removesZeros: true).shrink(plain).state),
    ]
    let times = pool.map { Self.times(of: models.map(\.1.network), pool: $0) }
    variants = models.enumerated().map { index, model in
      Variant(
        model.0, ModelExport(model.1, saysTask: saysTask, origin: origin), fingerprint: fingerprint,
        times: times?[index] ?? [])
    }
  }

  /// The sizes of `model`: of a checkpoint without the state of an optimizer those of its own file.
  package init(of model: StoredModel, pool: WorkerPool?) {
    self.init(
      of: model.state, saysTask: model.saysTask, origin: model.export.origin,
      fingerprint: model.file.fingerprint, pool: pool)
  }

  /// Bytes of memory that looking at such a network takes: what is compared, and each as a file, the dense one as a
  /// source of text among them.
  package static func memory(weightCount: Int) -> Double { 140 * Double(weightCount) }
}

extension ModelSizes.Variant {
  fileprivate init(
    _ form: ModelSizes.Form, _ export: ModelExport, fingerprint: JSONValue?,
    times: [ModelSizes.Time]
  ) {
    let network = export.state.network
    self.form = form
    self.times = times
    widths = network.widths
    (weights, total) = (network.remaining, network.weightCount)
    memory =
      network.layers.reduce(0) { $0 + $1.smallestBytes } + 2 * 4 * (widths.max() ?? 0)
    bound = EntropyBound.bytes(of: network)
    let checkpoint = try? Checkpoint.encode(
      CheckpointContents(
        state: export.state, lineage: export.origin?.lineage ?? [:],
        fingerprint: fingerprint ?? [:]), level: 9,
      digest: { Digest.sha256($0) })
    footprints =
      [Footprint(form: "checkpoint", title: "bytes as checkpoint", bytes: checkpoint?.count)]
      + ModelFormats.all.flatMap { $0.footprints(of: export) }
  }
}

extension DenseLayer {
  /// Bytes as a matrix of float32 or as compressed rows (a value and a column of 4 bytes each, and where each
  /// row begins), whichever is less, with biases and slopes.
  fileprivate var smallestBytes: Int {
    let matrix = 4 * weights.count
    let rows = 8 * remaining + 4 * (outputs + 1)
    let slopes = activation == .prelu ? max(1, unitSlopes.count) : 0
    return min(matrix, rows) + 4 * (outputs + slopes)
  }
}

extension ModelState {
  /// A model of the shape that this one had, which takes as much as that did: with removed weights where units
  /// are gone, and without what is known of inputs where some are.
  fileprivate func restored(_ shape: OriginalShape) -> ModelState {
    var state = self
    state.original = nil
    let layers = network.layers.enumerated().map { index, layer in
      let (inputs, outputs) = (shape.widths[index], shape.widths[index + 1])
      let slopes = layer.unitSlopes
      return DenseLayer(
        name: layer.name, weights: Matrix(rows: outputs, columns: inputs),
        bias: (0..<outputs).map { $0 < layer.bias.count ? layer.bias[$0] : layer.spread },
        activation: layer.activation, slope: layer.slope,
        unitSlopes: slopes.isEmpty
          ? [] : (0..<outputs).map { $0 < slopes.count ? slopes[$0] : slopes[0] })
    }
    state.network = Network(layers: layers)
    if shape.widths[0] != network.inputs {
      (state.inputScaling, state.interface) = (nil, nil)
    }
    return state
  }

  /// The same with numbers in the place of removed weights, normal ones as large as those that are left, so
  /// that no coding makes less of them.
  fileprivate var filled: ModelState {
    var state = self
    for (index, layer) in network.layers.enumerated() {
      var weights = layer.weights
      let size = layer.spread
      var generator = Philox(seed: 0, purpose: .benchmark, index: UInt64(index))
      weights.withMutableSpan { span in
        for place in span.indices where span[place] == 0 {
          span[place] = size * Float(generator.nextNormalPair().0)
        }
      }
      state.network.layers[index] = DenseLayer(
        name: layer.name, weights: weights, bias: layer.bias, activation: layer.activation,
        slope: layer.slope, unitSlopes: layer.unitSlopes)
    }
    return state
  }
}

extension DenseLayer {
  /// The root of the mean square of the weights that are left; 1 where there are none.
  fileprivate var spread: Float {
    let sum = weights.withSpan { span in
      span.indices.reduce(0.0) { $0 + Double(span[$1]) * Double(span[$1]) }
    }
    return remaining == 0 || sum == 0 ? 1 : Float((sum / Double(remaining)).squareRoot())
  }
}
