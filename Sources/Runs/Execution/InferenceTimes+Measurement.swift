import Benchmarking
import Engine
import NeuralNetworks
import NumericCore
import Scheduler

extension InferenceTimes {
  /// Seconds for each count of each layer, shared among the repeats of which the best counts.
  static let seconds = 0.04
  static let repeats = 8

  /// Measures what the layers of a network take in calls of `batch` samples: each as a network of its
  /// own, as `predict` runs it, with as many of its weights as `LayerTime.counts` says, at random
  /// places.
  ///
  /// The sum of layers stands for the network. What a call takes beside its layers is counted once a
  /// layer, so the network is faster than the sum says.
  package static func measured(
    of architecture: Architecture, batch: Int, pool: WorkerPool
  ) throws -> InferenceTimes {
    try measured(
      of: architecture, batch: batch, pool: pool,
      stopwatch: Stopwatch(seconds: seconds, repeats: repeats))
  }

  /// Seconds that measuring takes, as long as a call takes less than a repeat has.
  static func seconds(measuring architecture: Architecture) -> Double {
    var sizes: Set<[Int]> = []
    var counts = 0
    for (inputs, outputs) in zip(architecture.widths, architecture.widths.dropFirst()) {
      if sizes.insert([inputs, outputs]).inserted {
        counts += LayerTime.counts(of: inputs * outputs).count
      }
    }
    return Double(counts) * seconds
  }

  package static func measured(
    of architecture: Architecture, batch: Int, pool: WorkerPool, stopwatch: Stopwatch
  ) throws(BudgetError) -> InferenceTimes {
    var layers: [LayerTime] = []
    let shapes = (0..<architecture.layerCount).map { index in
      Shape(
        inputs: architecture.widths[index], outputs: architecture.widths[index + 1],
        activation: architecture.activation(ofLayer: index))
    }
    for (index, shape) in shapes.enumerated() {
      // Equal layers take the same, and deep networks have many.
      if let same = shapes[..<index].firstIndex(of: shape) {
        layers.append(layers[same])
        continue
      }
      var points: [LayerTime.Point] = []
      for kept in LayerTime.counts(of: shape.inputs * shape.outputs) {
        let seconds = stopwatch.best(shape.call(keeping: kept, batch: batch, pool: pool))
        points.append(LayerTime.Point(kept: kept, nanoseconds: seconds * 1e9))
      }
      layers.append(try LayerTime(measured: points))
    }
    return InferenceTimes(
      of: architecture, batch: batch, threads: pool.threadCount, layers: layers)
  }

  /// What a layer's time depends on, beside its weights.
  private struct Shape: Equatable {
    let inputs: Int
    let outputs: Int
    let activation: Activation

    /// One call of a network of this layer alone.
    func call(keeping kept: Int, batch: Int, pool: WorkerPool) -> () -> Void {
      let layer = DenseLayer(
        name: "output", weights: .normal(rows: outputs, columns: inputs),
        bias: Array(repeating: 0, count: outputs), activation: activation,
        mask: kept < inputs * outputs
          ? .random(rows: outputs, columns: inputs, keeping: kept) : nil)
      let predictor = Predictor(Network(layers: [layer]), pool: pool)
      let data = Matrix.normal(rows: batch, columns: inputs)
      return { _ = predictor.outputs(for: data) }
    }
  }
}

extension Mask {
  /// A mask that keeps `kept` weights, each set of them as likely as any other; a function of its
  /// arguments (selection sampling: Knuth, TAOCP vol. 2, algorithm 3.4.2 S).
  package static func random(rows: Int, columns: Int, keeping kept: Int) -> Mask {
    var generator = Philox(seed: 5, purpose: .benchmark)
    var mask = Mask(rows: rows, columns: columns)
    var wanted = kept
    for weight in 0..<mask.count {
      if generator.next(below: mask.count - weight) < wanted {
        wanted -= 1
      } else {
        mask.remove(weight)
      }
    }
    return mask
  }
}
