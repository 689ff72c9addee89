import CKernels
import NumericCore

/// Outputs, over the same samples, of chains that differ in some of their layers.
///
/// What every layer gives is kept, so that a chain begins with the first layer that is another than last
/// time. Outputs are the same bits as those of `InferenceChain`.
///
/// A class, because it owns memory that tasks fill at disjoint places.
final class RepeatedChain {
  let samples: Int
  private let data: Matrix
  private let rows: [Int32]
  private let pool: WorkerPool
  private let product: DenseProduct
  private let memory = ChainMemory()
  /// Of the inputs and of each layer what it has, [features, width], block after block; nil where inputs
  /// are gathered anew.
  private let values: [UnsafeMutablePointer<Float>?]
  private let features: [Int]
  /// One block's inputs a worker, where they are not kept.
  private let gathered: UnsafeMutablePointer<Float>?

  /// Samples of a block and task: four registers.
  static let width = 64
  /// More inputs than this are gathered anew: they may be far more than all units.
  private static let mostInputs = 4096

  /// - Parameters:
  ///   - features: of the inputs and of each layer's outputs.
  ///   - rows: the samples, at least one, as rows of `data` [rows, inputs].
  init(features: [Int], data: Matrix, rows: [Int32], pool: WorkerPool, product: DenseProduct) {
    precondition(!rows.isEmpty && data.columns == features[0], "a column for every input")
    precondition(rows.allSatisfy { $0 >= 0 && $0 < data.rows }, "indices are rows of the data")
    (self.features, self.data, self.rows, self.pool) = (features, data, rows, pool)
    (self.product, samples) = (product, rows.count)
    let (memory, columns) = (memory, (rows.count + Self.width - 1) / Self.width * Self.width)
    let keepsInputs = features[0] <= Self.mostInputs
    // A row more than there is: kernels read whole registers.
    values = features.enumerated().map { index, features in
      index == 0 && !keepsInputs ? nil : memory.zeros((features + 1) * columns)
    }
    gathered =
      keepsInputs ? nil : memory.zeros((features[0] + 1) * Self.width * pool.threadCount)
    if let inputs = values[0] {
      forEachBlock { block, live, _ in
        gather(block, live: live, into: inputs + block * features[0] * Self.width)
      }
    }
  }

  /// Computes what the layers from `first` on give; those below are those of the last call. Then calls
  /// `body` for every block of samples, on any thread, with its outputs [outputs, width].
  ///
  /// - Parameter parameters: of one layer each.
  func run(
    _ parameters: [ChainParameters], from first: Int,
    _ body: (_ samples: Range<Int>, _ outputs: UnsafePointer<Float>) -> Void
  ) {
    precondition(parameters.count + 1 == features.count)
    // Their memory has to be there until the end: layers are addresses.
    withExtendedLifetime(parameters) { run(parameters.map { $0.layers[0] }, from: first, body) }
  }

  private func run(
    _ layers: [WorkingLayer], from first: Int,
    _ body: (_ samples: Range<Int>, _ outputs: UnsafePointer<Float>) -> Void
  ) {
    let (values, features, width) = (values, features, Self.width)
    forEachBlock { block, live, worker in
      let columns = (live + 15) & ~15
      var x: UnsafeMutablePointer<Float>
      if let kept = values[first] {
        x = kept + block * features[first] * width
      } else {
        x = gathered! + worker * (features[0] + 1) * width
        gather(block, live: live, into: x)
      }
      for index in first..<layers.count {
        let a = values[index + 1]! + block * features[index + 1] * width
        layers[index].forward(
          x, stride: width, width: columns, live: live, z: a, a: a, stride: width, product: product)
        x = a
      }
      body(block * width..<block * width + live, x)
    }
  }

  /// Output `output` of sample `sample`.
  func output(_ output: Int, of sample: Int) -> Float {
    let (outputs, width) = (features[features.count - 1], Self.width)
    return values[values.count - 1]![
      (sample / width * outputs + output) * width + sample % width]
  }

  private func forEachBlock(_ body: (_ block: Int, _ live: Int, _ worker: Int) -> Void) {
    pool.run(tasks: (samples + Self.width - 1) / Self.width) { block, worker in
      body(block, min(Self.width, samples - block * Self.width), worker)
    }
  }

  private func gather(_ block: Int, live: Int, into x: UnsafeMutablePointer<Float>) {
    data.withElements { data in
      rows.withUnsafeBufferPointer { rows in
        eck_gather(
          data.baseAddress, features[0], rows.baseAddress! + block * Self.width, live,
          (live + 15) & ~15, Self.width, 0, features[0], x)
      }
    }
  }
}
