import CKernels

/// Mean and covariance of the inputs of one map over samples of equal weight: the map's Gram matrix about
/// the mean.
package struct InputMoments: Sendable {
  package let inputs: Int
  /// E[a], one an input.
  package let mean: [Double]
  /// E[(a − E a)(a − E a)ᵀ], [inputs, inputs], both triangles.
  package let covariance: [Double]

  /// The moments of the inputs of the maps `wanted` of a chain, over the samples `rows` (at least one) of
  /// sample-major `data` [rows, inputs].
  ///
  /// Products are taken in Float32 within chunks of 1,024 samples, of values centred near their mean, and
  /// added in Double. Memory: 8 bytes for every pair of inputs of a map, 8 KiB for every input.
  package static func measure(
    _ maps: [AffineMap], of wanted: [Int], data: Matrix, rows: [Int32], pool: WorkerPool
  ) -> [InputMoments] {
    precondition(!rows.isEmpty && data.columns == maps[0].weights.columns)
    guard let last = wanted.max() else { return [] }
    // Of the last map wanted only the inputs are, and with no weighting the pass goes no further.
    let pass = StatisticsPass(
      Array(maps[...last]), weighting: .none, probes: nil, samples: rows.count, pool: pool)
    pass.chooseReferences(data, from: rows)
    var grams = wanted.map { GramSums(map: $0, inputs: maps[$0].weights.columns) }
    var start = 0
    while start < rows.count {
      let end = min(rows.count, start + StatisticsPass.chunkSize)
      pass.addGrams(data, rows: rows[start..<end], to: &grams)
      start = end
    }
    return grams.map { $0.moments(references: pass.references(of: $0.map), samples: rows.count) }
  }
}

/// Σ ã and the upper triangle of Σ ã ãᵀ of one map's inputs.
struct GramSums {
  let map: Int
  let inputs: Int
  fileprivate var sums: [Double]
  fileprivate var products: [Double]

  init(map: Int, inputs: Int) {
    self.map = map
    self.inputs = inputs
    sums = Array(repeating: 0, count: inputs)
    products = Array(repeating: 0, count: inputs * inputs)
  }

  fileprivate func moments(references: ArraySlice<Float>, samples: Int) -> InputMoments {
    let count = Double(samples)
    let shift = sums.map { $0 / count }
    var covariance = products
    covariance.withUnsafeMutableBufferPointer { covariance in
      for row in 0..<inputs {
        for column in row..<inputs {
          let value = covariance[row * inputs + column] / count - shift[row] * shift[column]
          // A variance is never below 0, whatever rounding says.
          let entry = row == column ? max(0, value) : value
          covariance[row * inputs + column] = entry
          covariance[column * inputs + row] = entry
        }
      }
    }
    return InputMoments(
      inputs: inputs, mean: zip(references, shift).map { Double($0) + $1 },
      covariance: covariance)
  }
}

extension StatisticsPass {
  /// Columns and rows of one piece of a Gram matrix.
  private static let gramTile = 128

  /// The values by which the inputs of map `map` are centred.
  func references(of map: Int) -> ArraySlice<Float> {
    let link = chain.links[map]
    return sums.references[link.reference..<(link.reference + link.inputs)]
  }

  /// Adds the samples `rows`, at most a chunk, to the Gram matrices.
  func addGrams(_ data: Matrix, rows: ArraySlice<Int32>, to grams: inout [GramSums]) {
    forEachBlock(of: data, rows: rows) { block, references in
      _ = block.forward(references: references)
    }
    for index in grams.indices { addGram(samples: rows.count, to: &grams[index]) }
  }

  /// Adds the products of one map's centred inputs, tile by tile of the upper triangle.
  private func addGram(samples: Int, to gram: inout GramSums) {
    let (inputs, stride) = (gram.inputs, stride)
    let centred = pairs.start + chain.links[gram.map].pairRow * stride
    let ranges = Swift.stride(from: 0, to: inputs, by: Self.gramTile).map {
      $0..<min(inputs, $0 + Self.gramTile)
    }
    let tiles = ranges.indices.flatMap { row in
      ranges[row...].map { (rows: ranges[row], columns: $0) }
    }
    for input in 0..<inputs { gram.sums[input] += eck_sum(samples, centred + 2 * input * stride) }
    let scratch = FloatBuffer(count: pool.threadCount * Self.gramTile * Self.gramTile)
    let space = scratch.start
    gram.products.withUnsafeMutableBufferPointer { products in
      let products = products.baseAddress
      pool.run(tasks: tiles.count) { task, worker in
        guard let products else { return }
        let tile = tiles[task]
        let width = tile.columns.count
        let product = space + worker * Self.gramTile * Self.gramTile
        multiply(
          m: tile.rows.count, n: width, k: samples,
          Operand(centred + 2 * tile.rows.lowerBound * stride, stride: 2 * stride),
          Operand(
            centred + 2 * tile.columns.lowerBound * stride, stride: 2 * stride, transposed: true),
          into: product, stride: width)
        for row in tile.rows {
          eck_accumulate(
            width, product + (row - tile.rows.lowerBound) * width,
            products + row * inputs + tile.columns.lowerBound)
        }
      }
    }
  }
}
