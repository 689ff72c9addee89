import CKernels
import NumericCore

/// Samples cut into blocks that go through a chain one by one, feature by feature: [features, width] with the
/// width a multiple of 16, zeros behind the last sample.
struct SampleBlocks: Sendable {
  private let data: Matrix
  private let rows: [Int32]
  let product: DenseProduct

  /// Samples of a full block.
  static let size = StatisticsBlock.fullWidth

  /// - Parameter rows: the samples, at least one, as rows of `data` [rows, inputs].
  init(data: Matrix, rows: [Int32], product: DenseProduct) {
    precondition(!rows.isEmpty, "there are samples")
    precondition(rows.allSatisfy { $0 >= 0 && $0 < data.rows }, "indices are rows of the data")
    (self.data, self.rows, self.product) = (data, rows, product)
  }

  var inputs: Int { data.columns }
  var samples: Int { rows.count }
  /// Samples with the padding of the last block.
  var padded: Int { (rows.count + 15) & ~15 }
  var count: Int { (rows.count + Self.size - 1) / Self.size }

  /// Samples of block `block`, and the columns that they take with their padding.
  func columns(of block: Int) -> (live: Int, width: Int) {
    let live = min(Self.size, rows.count - block * Self.size)
    return (live, (live + 15) & ~15)
  }

  /// Where the values of block `block` begin when blocks of `features` features lie one behind the other.
  func start(of block: Int, features: Int) -> Int { features * block * Self.size }

  /// The inputs of block `block` become `x` [inputs, width].
  func gather(_ block: Int, into x: UnsafeMutablePointer<Float>) {
    let (live, width) = columns(of: block)
    data.withElements { data in
      rows.withUnsafeBufferPointer { rows in
        eck_gather(
          data.baseAddress, inputs, rows.baseAddress! + block * Self.size, live, width, width, 0,
          inputs, x)
      }
    }
  }

  /// Floats of an area that holds a block's values of any layer of `chain`.
  func areaSize(of chain: ChainParameters) -> Int {
    chain.layers.reduce(chain.inputs) { max($0, $1.outputs) } * Self.size
  }
}

extension ChainParameters {
  /// Carries values [inputs, width], which lie in the first of two areas, through the first `count` layers.
  ///
  /// - Returns: the outputs of the last of them, [outputs, width], in one of the areas.
  func forward(
    layers count: Int, areas: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>),
    width: Int, product: DenseProduct
  ) -> UnsafeMutablePointer<Float> {
    var (x, next) = areas
    for layer in layers.prefix(count) {
      layer.forward(
        x, stride: width, width: width, z: next, a: next, stride: width, product: product)
      swap(&x, &next)
    }
    return x
  }
}
