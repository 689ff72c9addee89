import Engine
import Schedules

/// How local the pixels are that the units of a first layer read.
package struct LayerLocality: Sendable, Equatable {
  /// Units that read a pixel and are read by the next layer.
  package let aliveUnits: Int
  /// Of units alive: the median of (Σ w²)² / Σ w⁴ over a unit's weights, as a share of the pixels. The weights
  /// decide, where the masks are the same for all: dense layers have a value below 1, too.
  package let participation: Double?
  /// (Σ c)² / Σ c² of how many units read each pixel, as a share of the pixels: what the layer looks at.
  package let pixelParticipation: Double?
  /// Of units alive that read two pixels or more: the median of their spread over what a permutation of the
  /// pixels would be expected to give. 1 for pixels at random, below 1 for local ones.
  package let spread: Double?
  /// The same over what is expected where the layer's connections are dealt out at random to its units, each
  /// pixel being read as often as it is. Where all units read the middle of the image alone, `spread` is small and
  /// this is 1.
  package let spreadAmongRead: Double?

  /// - Parameters:
  ///   - first: the layer that reads the pixels of `image`.
  ///   - next: what reads its units; nil where nothing more is known.
  package init(of first: DenseLayer, next: DenseLayer?, image: ImageShape) {
    precondition(first.inputs == image.pixels, "an input for every pixel")
    let mask = first.keepingMask
    let alive = Self.aliveUnits(of: first, next: next)
    let read = PixelCloud(mask.keptPerColumn, image: image)
    let all = PixelCloud(all: image)
    var (participations, spreads, among) = ([Double](), [Double](), [Double]())
    for unit in alive {
      let row = first.weights.row(unit).map { Double($0) * Double($0) }
      if let count = Participation.effectiveCount(of: row) {
        participations.append(count / Double(image.pixels))
      }
      let own = PixelCloud(
        (0..<image.pixels).map { mask[unit * image.pixels + $0] ? 1 : 0 }, image: image)
      guard let spread = own.spread else { continue }
      if let expected = all.expectedSpread(of: own.total), expected > 0 {
        spreads.append(spread / expected)
      }
      if let expected = read.expectedSpread(of: own.total), expected > 0 {
        among.append(spread / expected)
      }
    }
    aliveUnits = alive.count
    participation = participations.median
    pixelParticipation = Participation.effectiveCount(of: read.counts.map { Double($0) })
      .map { $0 / Double(image.pixels) }
    spread = spreads.median
    spreadAmongRead = among.median
  }
  /// The units that read an input and are read by the next layer, where one is known.
  package static func aliveUnits(of first: DenseLayer, next: DenseLayer?) -> [Int] {
    let readers = next?.keepingMask.keptPerColumn
    return first.keepingMask.keptPerRow.enumerated().filter { $1 > 0 && readers?[$0] != 0 }
      .map(\.offset)
  }
}
