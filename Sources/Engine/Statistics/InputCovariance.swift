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

  package init(inputs: Int, mean: [Double], matrix: [Double]) {
    (self.inputs, self.mean, self.matrix) = (inputs, mean, matrix)
  }
}

/// Σ ã and the upper triangle of Σ ã ãᵀ of one layer's inputs.
struct GramSums {
  let inputs: Int
  /// Σ ã of each input, and beside it Σ ã².
  private var sums: [Double]
  private var products: [Double]

  init(inputs: Int) {
    self.inputs = inputs
    sums = Array(repeating: 0, count: 2 * inputs)
    products = Array(repeating: 0, count: inputs * inputs)
  }

  /// Adds the first `samples` samples of a chunk, piece by piece of the upper triangle.
  mutating func add(_ values: StatisticsStrips.Values, samples: Int, by products: StripProducts) {
    for (index, sum) in values.sums(samples: samples).enumerated() { sums[index] += sum }
    products.addSquare(values, samples: samples, to: &self.products)
  }

  /// Completes on rank 0 what ranks have added.
  mutating func collect(_ values: StatisticsStrips.Values, by products: StripProducts) {
    products.collectSquare(values, &self.products)
  }

  /// E ã of every input over `samples` samples.
  func shifts(samples: Int) -> [Double] { (0..<inputs).map { sums[2 * $0] / Double(samples) } }

  /// The covariance that the sums over `samples` samples give.
  ///
  /// - Parameter references: by which the inputs were centred.
  func covariance(references: ArraySlice<Float>, samples: Int) -> InputCovariance {
    let count = Double(samples)
    let shift = shifts(samples: samples)
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
  /// The covariance that the sums over `samples` samples give of the inputs of layer `layer`.
  func covariance(_ gram: GramSums, ofLayer layer: Int, samples: Int) -> InputCovariance {
    let places = layout.layers[layer]
    return gram.covariance(
      references: sums.references[places.reference..<(places.reference + places.inputs)],
      samples: samples)
  }

  /// Adds the `samples` samples that blocks have just carried through the chain.
  ///
  /// - Parameter layers: whose inputs the sums are of.
  func addGrams(samples: Int, ofLayers layers: [Int], to grams: inout [GramSums]) {
    for (index, layer) in layers.enumerated() {
      grams[index].add(strips.values(of: layout.layers[layer]), samples: samples, by: products)
    }
  }

  /// Completes on rank 0 what ranks have added.
  func collectGrams(ofLayers layers: [Int], _ grams: inout [GramSums]) {
    for (index, layer) in layers.enumerated() {
      grams[index].collect(strips.values(of: layout.layers[layer]), by: products)
    }
  }

  private var products: StripProducts {
    StripProducts(product: product, pool: pool, space: space, share: share, shares: shares)
  }
}
