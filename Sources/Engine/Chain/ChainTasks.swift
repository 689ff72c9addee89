/// How the work of a step on a chain is cut into tasks: by shapes alone, never by the number of
/// threads.
///
/// The way down and up runs in blocks of samples, each through all layers without a barrier; the
/// gradients, which sum over all samples, in blocks of output rows of all layers at once.
struct ChainTasks: Sendable, Equatable {
  /// Rows of one layer whose gradient is computed and applied together.
  struct Piece: Sendable, Equatable {
    let layer: Int
    let rows: Range<Int>
  }

  /// Samples of a block, a multiple of 16.
  let width: Int
  /// Gradient blocks; task t has pieces[taskStarts[t]]..<taskStarts[t + 1].
  let pieces: [Piece]
  let taskStarts: [Int]
  /// Most floats of a piece's gradient.
  let largestPiece: Int

  /// A gradient block stays in a core's second-level cache until the optimizer has used it.
  private static let gradientBlock = 65_536
  /// Waking and awaiting threads costs microseconds: a task has at least so many floating-point
  /// operations (10 µs on one core).
  private static let smallestTask = 1_000_000
  private static let mostTasks = 16
  /// Operations' worth of one weight's optimizer step.
  private static let updateCost = 24
  /// Rows of a register tile of the dense products.
  private static let tileRows = 6

  /// - Parameters:
  ///   - samples: most samples of a batch.
  init(layers: [WorkingLayer], samples: Int) {
    let padded = (samples + 15) & ~15
    let weights = layers.reduce(0) { $0 + $1.weightCount }
    width = ChainTasks.width(samples: padded, operations: 4 * weights * padded)
    let operations = weights * (2 * padded + ChainTasks.updateCost)
    let tasks = max(1, min(operations / ChainTasks.smallestTask, ChainTasks.mostTasks))
    let share = max(1, (weights + tasks - 1) / tasks)
    var pieces: [Piece] = []
    var starts = [0]
    var load = 0
    for (index, layer) in layers.enumerated() {
      var row = 0
      while row < layer.outputs {
        let most = min(ChainTasks.gradientBlock, share - load)
        let end = ChainTasks.end(of: layer, from: row, weights: most)
        pieces.append(Piece(layer: index, rows: row..<end))
        load += layer.start(ofRow: end) - layer.start(ofRow: row)
        if load >= share {
          starts.append(pieces.count)
          load = 0
        }
        row = end
      }
    }
    if starts[starts.count - 1] != pieces.count { starts.append(pieces.count) }
    self.pieces = pieces
    taskStarts = starts
    largestPiece = pieces.reduce(0) { largest, piece in
      let layer = layers[piece.layer]
      let size =
        layer.start(ofRow: piece.rows.upperBound) - layer.start(ofRow: piece.rows.lowerBound)
      return max(largest, size)
    }
  }

  /// Number of gradient tasks.
  var count: Int { taskStarts.count - 1 }

  /// Where a piece that begins at `row` ends: behind the tile with which it has about `weights`
  /// weights.
  private static func end(of layer: WorkingLayer, from row: Int, weights: Int) -> Int {
    let first = layer.start(ofRow: row)
    var end = row
    repeat {
      end = min(layer.outputs, end + tileRows)
    } while end < layer.outputs
      && layer.start(ofRow: end) - first < weights
    return end
  }

  /// Samples of a block: all where the work is too little to share, else as many as keep the vector
  /// kernels busy and give two tasks or more.
  private static func width(samples: Int, operations: Int) -> Int {
    if operations < 2 * smallestTask { return samples }
    if samples > 64 { return 64 }
    if samples > 32 { return 32 }
    return operations < 20 * smallestTask ? samples : 16
  }
}
