import CKernels
import NumericCore

/// A piece of one layer's sums: some of its influential units times the inputs of one strip.
struct StatisticsTile: Sendable {
  let places: StatisticsLayout.Places
  /// Counted among the influential units of the layer.
  let units: Range<Int>
  /// Which strip of the layer's inputs, from 0.
  let strip: Int

  private static let mostUnits = 512

  /// All pieces of each layer, cut by shape alone.
  static func tiles(of layout: StatisticsLayout) -> [[StatisticsTile]] {
    layout.layers.map { places in
      even(places.isUniform ? 1 : places.influential.count, most: mostUnits).flatMap { units in
        (0..<StatisticsStrips.count(inputs: places.inputs)).map { strip in
          StatisticsTile(places: places, units: units, strip: strip)
        }
      }
    }
  }

  /// `tiles`, the costliest first so that threads end together.
  static func ordered(_ tiles: some Sequence<StatisticsTile>) -> [StatisticsTile] {
    tiles.enumerated()
      .sorted { ($1.element.cost, $0.offset) < ($0.element.cost, $1.offset) }
      .map(\.element)
  }

  /// Even parts of 0..<size, none larger than `most`, in multiples of 8 but for the last.
  private static func even(_ size: Int, most: Int) -> [Range<Int>] {
    let parts = max(1, (size + most - 1) / most)
    let length = max(1, ((size + parts - 1) / parts + 7) / 8 * 8)
    return stride(from: 0, to: size, by: length).map { $0..<min(size, $0 + length) }
  }

  var cost: Int { units.count * (places.isUniform ? 1 : 16) }

  /// Floats of working memory: products, and squares of `samples` samples.
  func scratchSize(samples: Int) -> Int {
    places.isUniform ? 0 : 2 * (units.count + samples) * StatisticsStrips.inputs
  }

  /// Adds a chunk of samples to the sums.
  ///
  /// - Parameters:
  ///   - sensitivities: h, rows `stride` apart; 0 from column `live` to `padded`.
  ///   - pairSums: (Σ h ã, Σ h ã²).
  ///   - weightSums: Σ h.
  func add(
    strips: StatisticsStrips, sensitivities: UnsafePointer<Float>, stride: Int, live: Int,
    padded: Int, product: DenseProduct, scratch: UnsafeMutablePointer<Float>,
    pairSums: UnsafeMutableBufferPointer<Double>, weightSums: UnsafeMutableBufferPointer<Double>
  ) {
    let inputs = strips.strip(strip, of: places)
    let sums = pairSums.baseAddress! + places.pairSum + 2 * inputs.firstInput
    if places.isUniform {
      inputs.addSums(samples: live, to: sums)
      return
    }
    if units.isEmpty { return }
    let h = sensitivities + (places.sensitivityRow + units.lowerBound) * stride
    inputs.multiply(
      units: units.count, samples: padded, h: h, stride: stride, product: product,
      squares: scratch + 2 * units.count * StatisticsStrips.inputs, into: scratch)
    let sumStride = 2 * places.inputs
    places.influential.forEachRun(in: units) { run, place in
      let row = place - units.lowerBound
      eck_accumulate_strip(
        run.count, inputs.width, inputs.inputs, scratch + 2 * row * inputs.width,
        sums + run.lowerBound * sumStride, sumStride)
      guard strip == 0 else { return }
      for unit in run {
        weightSums[places.weightSum + unit] += eck_sum(
          padded, h + (row + unit - run.lowerBound) * stride)
      }
    }
  }

  /// Where the piece's sums lie.
  ///
  /// - Parameters:
  ///   - pairs: of all layers.
  ///   - weights: likewise.
  func runs(
    pairs: UnsafeMutablePointer<Double>, weights: UnsafeMutableBufferPointer<Double>
  ) -> [SumRun] {
    let first = strip * StatisticsStrips.inputs
    let count = 2 * min(StatisticsStrips.inputs, places.inputs - first)
    let start = pairs + places.pairSum + 2 * first
    if places.isUniform { return [SumRun(start: start, count: count)] }
    var runs: [SumRun] = []
    places.influential.forEachRun(in: units) { run, _ in
      for unit in run {
        runs.append(SumRun(start: start + 2 * unit * places.inputs, count: count))
      }
      if strip == 0 {
        runs.append(
          SumRun(
            start: weights.baseAddress! + places.weightSum + run.lowerBound, count: run.count))
      }
    }
    return runs
  }
}
