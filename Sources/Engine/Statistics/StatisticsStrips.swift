import CKernels
import NumericCore

/// Where a chunk's inputs of every layer lie for products over samples: centred values of 32 inputs side by
/// side, sample after sample, so that a product reads one strip from start to end.
struct StatisticsStrips {
  let start: UnsafeMutablePointer<Float>
  /// Floats from one strip to the next.
  let distance: Int

  /// Inputs of a full strip.
  static let inputs = 32

  /// Strips of a layer with `inputs` inputs.
  static func count(inputs: Int) -> Int { (inputs + Self.inputs - 1) / Self.inputs }

  /// Floats of a strip of `samples` samples. Some samples more than memory needs: strips a large power of
  /// two apart would evict one another from a cache.
  static func distance(samples: Int) -> Int { (samples + 16) * inputs }

  /// The first strip of a layer.
  func strips(of places: StatisticsLayout.Places) -> UnsafeMutablePointer<Float> {
    start + places.firstStrip * distance
  }

  /// The strips of a layer's inputs.
  func values(of places: StatisticsLayout.Places) -> Values {
    Values(start: strips(of: places), distance: distance, inputs: places.inputs)
  }

  /// Strip `index` of a layer, counted from its first.
  func strip(_ index: Int, of places: StatisticsLayout.Places) -> Strip {
    values(of: places).strip(index)
  }

  /// Some values of every sample of a chunk: the strips from `start` on.
  struct Values {
    let start: UnsafeMutablePointer<Float>
    /// Floats from one strip to the next.
    let distance: Int
    let inputs: Int

    var stripCount: Int { StatisticsStrips.count(inputs: inputs) }

    func strip(_ index: Int) -> Strip {
      let first = index * StatisticsStrips.inputs
      let live = min(StatisticsStrips.inputs, inputs - first)
      return Strip(
        start: start + index * distance, firstInput: first, inputs: live,
        width: live > 16 ? StatisticsStrips.inputs : 16)
    }

    /// (Σ ã, Σ ã²) of every input over the first `samples` samples.
    func sums(samples: Int) -> [Double] {
      var totals = [Double](repeating: 0, count: 2 * inputs)
      totals.withUnsafeMutableBufferPointer { totals in
        guard let totals = totals.baseAddress else { return }
        for index in 0..<stripCount {
          let strip = strip(index)
          strip.addSums(samples: samples, to: totals + 2 * strip.firstInput)
        }
      }
      return totals
    }
  }

  /// Some inputs of one layer over a chunk's samples.
  struct Strip {
    let start: UnsafePointer<Float>
    let firstInput: Int
    let inputs: Int
    /// Values of a row; those behind the inputs are 0.
    let width: Int

    /// (H Ã, H Ã²) over the first `count` samples becomes `result` [units, 2 · width].
    ///
    /// - Parameters:
    ///   - h: [units, samples], rows `stride` apart.
    ///   - squares: `count` times 2 · `width` floats of working memory for OpenBLAS.
    func multiply(
      units: Int, samples count: Int, h: UnsafePointer<Float>, stride: Int,
      product: DenseProduct, squares: UnsafeMutablePointer<Float>,
      into result: UnsafeMutablePointer<Float>
    ) {
      switch product {
      case .tiles: eck_strip_product(units, count, width, h, stride, start, result)
      case .blas:
        eck_expand_strip(count, width, start, squares)
        product.multiply(
          m: units, n: 2 * width, k: count, h, rowStep: stride, innerStep: 1, squares,
          stride: 2 * width, into: result, stride: 2 * width)
      }
    }

    /// Adds (Σ ã, Σ ã²) of each input over the first `samples` samples to pairs of sums.
    func addSums(samples: Int, to sums: UnsafeMutablePointer<Double>) {
      eck_sum_strip(samples, width, inputs, start, sums)
    }
  }
}
