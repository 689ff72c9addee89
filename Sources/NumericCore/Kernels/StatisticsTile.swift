import CKernels

/// A piece of one map's sums: some of its units times some of its inputs.
struct StatisticsTile: Sendable {
  let link: StatisticsChain.Link
  let units: Range<Int>
  let inputs: Range<Int>

  private static let mostUnits = 512
  private static let mostInputs = 128

  /// All pieces of all maps, the costliest first so that threads end together; cut by shape alone.
  static func tiles(of chain: StatisticsChain) -> [StatisticsTile] {
    let tiles = chain.links.flatMap { link in
      even(link.isUniform ? 1 : link.outputs, most: mostUnits).flatMap { units in
        even(link.inputs, most: mostInputs).map { inputs in
          StatisticsTile(link: link, units: units, inputs: inputs)
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

  private var cost: Int { units.count * inputs.count * (link.isUniform ? 1 : 16) }

  /// Floats of working memory.
  var scratchSize: Int { link.isUniform ? 0 : 2 * units.count * inputs.count }

  /// Adds a chunk of samples to the sums.
  ///
  /// - Parameters:
  ///   - pairs: ã and ã² of every input, alternating rows `stride` apart.
  ///   - sensitivities: h, rows `stride` apart; 0 from column `live` to `padded`.
  ///   - pairSums: (Σ h ã, Σ h ã²).
  ///   - weightSums: Σ h.
  func add(
    pairs: UnsafePointer<Float>, sensitivities: UnsafePointer<Float>, stride: Int, live: Int,
    padded: Int, scratch: UnsafeMutablePointer<Float>, pairSums: UnsafeMutableBufferPointer<Double>,
    weightSums: UnsafeMutableBufferPointer<Double>
  ) {
    let rows = pairs + (link.pairRow + 2 * inputs.lowerBound) * stride
    let count = 2 * inputs.count
    let sums = pairSums.baseAddress! + link.pairSum + 2 * inputs.lowerBound
    if link.isUniform {
      for row in 0..<count { sums[row] += eck_sum(live, rows + row * stride) }
      return
    }
    let h = sensitivities + (link.sensitivityRow + units.lowerBound) * stride
    multiply(
      m: units.count, n: count, k: padded, Operand(h, stride: stride),
      Operand(rows, stride: stride, transposed: true), into: scratch, stride: count)
    for unit in 0..<units.count {
      eck_accumulate(
        count, scratch + unit * count, sums + (units.lowerBound + unit) * 2 * link.inputs)
    }
    guard inputs.lowerBound == 0 else { return }
    for unit in 0..<units.count {
      weightSums[link.weightSum + units.lowerBound + unit] += eck_sum(padded, h + unit * stride)
    }
  }
}
