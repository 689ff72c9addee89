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
  /// Which pieces this process takes; nil for all.
  var shares: PassShares? = nil

  /// Floats that a piece is multiplied in.
  static let scratch = StatisticsStrips.inputs * StatisticsStrips.inputs
  /// Strips along each side of one piece.
  private static let side = 4

  /// Adds Σ x xᵀ over the first `samples` samples to the upper triangle of `sums` [inputs, inputs].
  func addSquare(_ x: StatisticsStrips.Values, samples: Int, to sums: inout [Double]) {
    add(x, x, Self.upperPieces(x), isUpper: true, samples: samples, to: &sums)
  }

  /// Adds Σ x yᵀ over the first `samples` samples to `sums` [inputs of x, inputs of y].
  func add(
    _ x: StatisticsStrips.Values, _ y: StatisticsStrips.Values, samples: Int,
    to sums: inout [Double]
  ) {
    add(x, y, Self.pieces(x, y), isUpper: false, samples: samples, to: &sums)
  }

  /// Completes on rank 0 what ranks have added by `addSquare`.
  func collectSquare(_ x: StatisticsStrips.Values, _ sums: inout [Double]) {
    collect(Self.upperPieces(x), columns: x.inputs, rows: x.inputs, &sums)
  }

  /// Completes on rank 0 what ranks have added by `add`.
  func collect(
    _ x: StatisticsStrips.Values, _ y: StatisticsStrips.Values, _ sums: inout [Double]
  ) {
    collect(Self.pieces(x, y), columns: y.inputs, rows: x.inputs, &sums)
  }

  /// Strips along both sides of what is multiplied at a time.
  private typealias Piece = (rows: Range<Int>, columns: Range<Int>)

  private static func upperPieces(_ x: StatisticsStrips.Values) -> [Piece] {
    let ranges = ranges(x.stripCount)
    return ranges.indices.flatMap { row in
      ranges[row...].map { (rows: ranges[row], columns: $0) }
    }
  }

  private static func pieces(
    _ x: StatisticsStrips.Values, _ y: StatisticsStrips.Values
  ) -> [Piece] {
    let columns = ranges(y.stripCount)
    return ranges(x.stripCount).flatMap { rows in columns.map { (rows: rows, columns: $0) } }
  }

  private static func ranges(_ count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: side).map { $0..<min(count, $0 + side) }
  }

  private func add(
    _ x: StatisticsStrips.Values, _ y: StatisticsStrips.Values,
    _ pieces: [Piece], isUpper: Bool, samples: Int, to sums: inout [Double]
  ) {
    let pieces = pieces[shares?.own(of: pieces.count) ?? pieces.indices]
    sums.withUnsafeMutableBufferPointer { sums in
      guard let sums = sums.baseAddress else { return }
      pool.run(tasks: pieces.count) { task, worker in
        let piece = pieces[pieces.startIndex + task]
        for row in piece.rows {
          for column in piece.columns where !isUpper || column >= row {
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

  /// Gives rank 0 the places of `sums` [rows, columns] that other ranks' pieces have.
  private func collect(_ pieces: [Piece], columns: Int, rows: Int, _ sums: inout [Double]) {
    guard let shares else { return }
    let starts = shares.starts(of: pieces.count)
    sums.withUnsafeMutableBufferPointer { sums in
      guard let sums = sums.baseAddress else { return }
      shares.collect(
        starts.dropLast().indices.map { rank in
          pieces[starts[rank]..<starts[rank + 1]].flatMap { piece in
            let (height, width) = (
              Self.inputs(piece.rows, rows), Self.inputs(piece.columns, columns)
            )
            return height.map {
              SumRun(start: sums + $0 * columns + width.lowerBound, count: width.count)
            }
          }
        })
    }
  }

  /// The inputs of some strips of a layer that has `all`.
  private static func inputs(_ strips: Range<Int>, _ all: Int) -> Range<Int> {
    let size = StatisticsStrips.inputs
    return strips.lowerBound * size..<min(all, strips.upperBound * size)
  }
}
