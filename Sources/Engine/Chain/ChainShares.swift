import NumericCore

/// Which part of a training step each rank does: a run of the gradient's pieces, and of the blocks of
/// samples where these are divided too. Both are what one process divides among its threads, so that the
/// bits are the same.
package struct ChainShares {
  package let collective: any Collective
  /// Whether blocks of samples are divided; otherwise every rank takes all of them down and up.
  package let dividesSamples: Bool
  let tasks: ChainTasks
  /// Rank r has the pieces pieceStarts[r]..<pieceStarts[r + 1].
  let pieceStarts: [Int]
  /// For each layer, the first row of each rank, and behind it the number of rows.
  private let rowStarts: [[Int]]

  /// - Parameter capacity: most samples of a batch.
  package init(
    _ parameters: ChainParameters, capacity: Int, among collective: any Collective,
    dividesSamples: Bool
  ) {
    self.collective = collective
    self.dividesSamples = dividesSamples
    let (layers, size) = (parameters.layers, collective.size)
    let tasks = ChainTasks(layers: layers, samples: capacity)
    self.tasks = tasks
    // A rank begins with the first piece that has its share of all weights behind it.
    let all = layers.reduce(0) { $0 + $1.weightCount }
    var starts: [Int] = []
    var passed = 0
    for (index, piece) in tasks.pieces.enumerated() {
      while starts.count < size, passed >= starts.count * all / size { starts.append(index) }
      let layer = layers[piece.layer]
      passed +=
        layer.start(ofRow: piece.rows.upperBound) - layer.start(ofRow: piece.rows.lowerBound)
    }
    while starts.count <= size { starts.append(tasks.pieces.count) }
    pieceStarts = starts
    rowStarts = layers.indices.map { layer in
      starts.map { start in
        tasks.pieces[..<start].reduce(0) { $0 + ($1.layer == layer ? $1.rows.count : 0) }
      }
    }
  }

  /// The pieces of this rank.
  var ownPieces: Range<Int> { pieceStarts[collective.rank]..<pieceStarts[collective.rank + 1] }

  /// The rows of layer `layer` that this rank changes.
  func ownRows(ofLayer layer: Int) -> Range<Int> {
    rowStarts[layer][collective.rank]..<rowStarts[layer][collective.rank + 1]
  }

  /// For `count` blocks of samples, the first of each rank, and behind it the number of all.
  func blockStarts(of count: Int) -> [Int] {
    (0...collective.size).map { count * $0 / collective.size }
  }

  /// The blocks of samples that this rank takes down and up.
  func ownBlocks(of count: Int) -> Range<Int> {
    if !dividesSamples { return 0..<count }
    let starts = blockStarts(of: count)
    return starts[collective.rank]..<starts[collective.rank + 1]
  }

  /// Numbers of the form of a layer's weights, by rank.
  func weights<Element: BitwiseCopyable>(
    _ start: UnsafeMutablePointer<Element>, of layer: WorkingLayer, index: Int
  ) -> SharedSpan {
    SharedSpan(start, bounds: rowStarts[index].map { layer.start(ofRow: $0) })
  }

  /// One number an output of layer `index`, by rank.
  func rows<Element: BitwiseCopyable>(
    _ start: UnsafeMutablePointer<Element>, index: Int
  ) -> SharedSpan {
    SharedSpan(start, bounds: rowStarts[index])
  }
}
