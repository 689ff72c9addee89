import CKernels

/// Where a chunk's inputs of every map lie for products over samples: centred values and squares of 32
/// inputs side by side, sample after sample, so that a product reads one strip from start to end.
struct StatisticsStrips {
  let start: UnsafeMutablePointer<Float>
  /// Floats from one strip to the next.
  let distance: Int

  /// Inputs of a full strip.
  static let inputs = 32

  /// Strips of a map with `inputs` inputs.
  static func count(inputs: Int) -> Int { (inputs + Self.inputs - 1) / Self.inputs }

  /// Floats of a strip of `samples` samples. Some samples more than memory needs: strips a large power of
  /// two apart would evict one another from a cache.
  static func distance(samples: Int) -> Int { (samples + 16) * 2 * inputs }

  /// The first strip of a map.
  func strips(of link: StatisticsChain.Link) -> UnsafeMutablePointer<Float> {
    start + link.firstStrip * distance
  }

  /// Strip `index` of a map, counted from its first.
  func strip(_ index: Int, of link: StatisticsChain.Link) -> Strip {
    let first = index * Self.inputs
    let live = min(Self.inputs, link.inputs - first)
    return Strip(
      start: strips(of: link) + index * distance, firstInput: first, inputs: live,
      width: live > 16 ? Self.inputs : 16)
  }

  /// Some inputs of one map over a chunk's samples.
  struct Strip {
    let start: UnsafePointer<Float>
    let firstInput: Int
    let inputs: Int
    /// Columns of centred values, and as many of squares; those behind the inputs are 0.
    let width: Int

    /// Adds (Σ ã, Σ ã²) of each input over the first `samples` samples to pairs of sums.
    func addSums(samples: Int, to sums: UnsafeMutablePointer<Double>) {
      eck_sum_strip(samples, width, inputs, start, sums)
    }
  }
}
