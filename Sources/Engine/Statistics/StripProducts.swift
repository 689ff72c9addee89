import CKernels
import NumericCore

/// Sums over samples of products of values that lie in strips, taken piece by piece: in Float32 over a chunk
/// of samples, added in Double. Pieces are cut by shape alone.
struct StripProducts {
  let product: DenseProduct
  let pool: WorkerPool
  /// Working memory of one worker, at least `scratch` floats; the next one's begins `share` further on.
  let space: UnsafeMutablePointer<Float>
  let share: Int

  /// Floats that a piece is multiplied in.
  static let scratch = StatisticsStrips.inputs * StatisticsStrips.inputs
  /// Strips along each side of one piece.
  private static let side = 4

  /// Adds Σ x xᵀ over the first `samples` samples to the upper triangle of `sums` [inputs, inputs].
  func addSquare(_ x: StatisticsStrips.Values, samples: Int, to sums: inout [Double]) {
    let ranges = Self.ranges(x.stripCount)
    let pieces = ranges.indices.flatMap { row in
      ranges[row...].map { (rows: ranges[row], columns: $0) }
    }
    add(x, x, pieces, isUpper: true, samples: samples, to: &sums)
  }

  /// Adds Σ x yᵀ over the first `samples` samples to `sums` [inputs of x, inputs of y].
  func add(
    _ x: StatisticsStrips.Values, _ y: StatisticsStrips.Values, samples: Int,
    to sums: inout [Double]
  ) {
    let columns = Self.ranges(y.stripCount)
    let pieces = Self.ranges(x.stripCount).flatMap { rows in
      columns.map { (rows: rows, columns: $0) }
    }
    add(x, y, pieces, isUpper: false, samples: samples, to: &sums)
  }

  private static func ranges(_ count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: side).map { $0..<min(count, $0 + side) }
  }

  private func add(
    _ x: StatisticsStrips.Values, _ y: StatisticsStrips.Values,
    _ pieces: [(rows: Range<Int>, columns: Range<Int>)], isUpper: Bool, samples: Int,
    to sums: inout [Double]
  ) {
    sums.withUnsafeMutableBufferPointer { sums in
      guard let sums = sums.baseAddress else { return }
      pool.run(tasks: pieces.count) { task, worker in
        for row in pieces[task].rows {
          for column in pieces[task].columns where !isUpper || column >= row {
            add(
              x.strip(row), y.strip(column), samples: samples, scratch: space + worker * share,
              to: sums, stride: y.inputs)
          }
        }
      }
    }
  }

  /// Adds what two strips come to to its place in the matrix at `sums`.
  private func add(
    _ rows: StatisticsStrips.Strip, _ columns: StatisticsStrips.Strip, samples: Int,
    scratch: UnsafeMutablePointer<Float>, to sums: UnsafeMutablePointer<Double>, stride: Int
  ) {
    product.multiply(
      m: rows.inputs, n: columns.width, k: samples, rows.start, rowStep: 1,
      innerStep: rows.width, columns.start, stride: columns.width, into: scratch,
      stride: columns.width)
    for row in 0..<rows.inputs {
      eck_accumulate(
        columns.inputs, scratch + row * columns.width,
        sums + (rows.firstInput + row) * stride + columns.firstInput)
    }
  }
}
