import CKernels

/// Covariance of the inputs of one layer over samples of equal weight, and their mean: the layer's Gram matrix
/// about the mean. `StatisticsSums.measure` takes it.
///
/// Products are taken in Float32 within chunks of 1,024 samples, of values centred near their mean, and
/// added in Double. 8 bytes for every pair of inputs.
package struct InputCovariance: Sendable {
  package let inputs: Int
  /// E[a], one an input.
  package let mean: [Double]
  /// E[(a − E a)(a − E a)ᵀ], [inputs, inputs], both triangles.
  package let matrix: [Double]
}

/// Σ ã and the upper triangle of Σ ã ãᵀ of one layer's inputs.
struct GramSums {
  let layer: Int
  let inputs: Int
  /// Σ ã of each input, and beside it Σ ã².
  fileprivate var sums: [Double]
  fileprivate var products: [Double]

  init(layer: Int, inputs: Int) {
    self.layer = layer
    self.inputs = inputs
    sums = Array(repeating: 0, count: 2 * inputs)
    products = Array(repeating: 0, count: inputs * inputs)
  }

  fileprivate func covariance(references: ArraySlice<Float>, samples: Int) -> InputCovariance {
    let count = Double(samples)
    let shift = (0..<inputs).map { sums[2 * $0] / count }
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
    return InputCovariance(
      inputs: inputs, mean: zip(references, shift).map { Double($0) + $1 },
      matrix: covariance)
  }
}

extension StatisticsPass {
  /// Strips along each side of one piece of a Gram matrix.
  private static let gramStrips = 4

  /// The covariance that the sums over `samples` samples give.
  func covariance(_ gram: GramSums, samples: Int) -> InputCovariance {
    let places = layout.layers[gram.layer]
    return gram.covariance(
      references: sums.references[places.reference..<(places.reference + places.inputs)],
      samples: samples)
  }

  /// Adds the `samples` samples that blocks have just carried through the chain.
  func addGrams(samples: Int, to grams: inout [GramSums]) {
    for index in grams.indices { addGram(samples: samples, to: &grams[index]) }
  }

  /// Adds the products of one layer's centred inputs, piece by piece of the upper triangle.
  private func addGram(samples: Int, to gram: inout GramSums) {
    let places = layout.layers[gram.layer]
    for (index, sum) in inputSums(of: places, samples: samples).enumerated() {
      gram.sums[index] += sum
    }
    let count = StatisticsStrips.count(inputs: gram.inputs)
    let ranges = stride(from: 0, to: count, by: Self.gramStrips).map {
      $0..<min(count, $0 + Self.gramStrips)
    }
    let pieces = ranges.indices.flatMap { row in
      ranges[row...].map { (rows: ranges[row], columns: $0) }
    }
    let (space, share) = (space, share)
    gram.products.withUnsafeMutableBufferPointer { products in
      guard let products = products.baseAddress else { return }
      pool.run(tasks: pieces.count) { task, worker in
        let product = space + worker * share
        for row in pieces[task].rows {
          for column in pieces[task].columns where column >= row {
            addProduct(
              strips.strip(row, of: places), strips.strip(column, of: places), samples: samples,
              scratch: product, to: products, stride: places.inputs)
          }
        }
      }
    }
  }

  /// Adds Σ ã ãᵀ of the inputs of two strips to their place in the matrix at `products`.
  private func addProduct(
    _ rows: StatisticsStrips.Strip, _ columns: StatisticsStrips.Strip, samples: Int,
    scratch: UnsafeMutablePointer<Float>, to products: UnsafeMutablePointer<Double>, stride: Int
  ) {
    product.multiply(
      m: rows.inputs, n: columns.width, k: samples, rows.start, rowStep: 1,
      innerStep: rows.width, columns.start, stride: columns.width, into: scratch,
      stride: columns.width)
    for row in 0..<rows.inputs {
      eck_accumulate(
        columns.inputs, scratch + row * columns.width,
        products + (rows.firstInput + row) * stride + columns.firstInput)
    }
  }
}
