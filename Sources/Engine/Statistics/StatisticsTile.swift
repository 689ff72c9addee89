import CKernels
import NumericCore

/// A piece of one map's sums: some of its units times the inputs of one strip.
struct StatisticsTile: Sendable {
  let link: StatisticsChain.Link
  let units: Range<Int>
  /// Which strip of the map's inputs, from 0.
  let strip: Int

  private static let mostUnits = 512

  /// All pieces of all maps, the costliest first so that threads end together; cut by shape alone.
  static func tiles(of chain: StatisticsChain) -> [StatisticsTile] {
    let tiles = chain.links.flatMap { link in
      even(link.isUniform ? 1 : link.outputs, most: mostUnits).flatMap { units in
        (0..<StatisticsStrips.count(inputs: link.inputs)).map { strip in
          StatisticsTile(link: link, units: units, strip: strip)
        }
      }
    }
    return tiles.enumerated()
      .sorted { ($1.element.cost, $0.offset) < ($0.element.cost, $1.offset) }
      .map(\.element)
  }

  /// Even parts of 0..<size, none larger than `most`, in multiples of 8 but for the last.
  private static func even(_ size: Int, most: Int) -> [Range<Int>] {
    let parts = max(1, (size + most - 1) / most)
    let length = max(1, ((size + parts - 1) / parts + 7) / 8 * 8)
    return stride(from: 0, to: size, by: length).map { $0..<min(size, $0 + length) }
  }

  private var cost: Int { units.count * (link.isUniform ? 1 : 16) }

  /// Floats of working memory: products, and squares of `samples` samples.
  func scratchSize(samples: Int) -> Int {
    link.isUniform ? 0 : 2 * (units.count + samples) * StatisticsStrips.inputs
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
    let inputs = strips.strip(strip, of: link)
    let sums = pairSums.baseAddress! + link.pairSum + 2 * inputs.firstInput
    if link.isUniform {
      inputs.addSums(samples: live, to: sums)
      return
    }
    let h = sensitivities + (link.sensitivityRow + units.lowerBound) * stride
    inputs.multiply(
      units: units.count, samples: padded, h: h, stride: stride, product: product,
      squares: scratch + 2 * units.count * StatisticsStrips.inputs, into: scratch)
    let sumStride = 2 * link.inputs
    eck_accumulate_strip(
      units.count, inputs.width, inputs.inputs, scratch, sums + units.lowerBound * sumStride,
      sumStride)
    guard strip == 0 else { return }
    for unit in 0..<units.count {
      weightSums[link.weightSum + units.lowerBound + unit] += eck_sum(padded, h + unit * stride)
    }
  }
}
