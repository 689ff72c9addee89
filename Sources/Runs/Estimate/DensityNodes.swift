/// Densities of networks at which works are measured, so that those of many rounds need few measurements.
struct DensityNodes: Sendable, Equatable {
  /// Ascending.
  let nodes: [Double]
  /// The density below which layers are held in another way; nil where that does not matter.
  let step: Double?

  /// Of `densities`: the least, the largest, and, where one is `wanted` in between, that nearest to it. Where
  /// there is a step, the largest above it stands for all there, whose layers are dense.
  init(among densities: [Double], near wanted: Double?, step: Double?) {
    self.step = step
    let varied = densities.filter { step == nil || $0 < step ?? 0 }
    var nodes: Set<Double> = []
    for node in [densities.max(), varied.min(), varied.max()] {
      if let node { nodes.insert(node) }
    }
    if let wanted {
      if let nearest = varied.min(by: { abs($0 - wanted) < abs($1 - wanted) }) {
        nodes.insert(nearest)
      }
    }
    self.nodes = nodes.isEmpty ? [1] : nodes.sorted()
  }

  /// What `cost` says of the nodes around `density`, on the same side of the step; nil where it says nothing.
  func cost(at density: Double, _ cost: (Double) -> WorkCost?) -> WorkCost? {
    let isBelow = density < step ?? 0
    let side = nodes.filter { ($0 < step ?? 0) == isBelow }
    let below = side.last { $0 <= density }
    let above = side.first { $0 >= density }
    guard let below, let above else {
      // Outside of all there are, or where there are none.
      let nearest = nodes.min { abs($0 - density) < abs($1 - density) }
      return nearest.flatMap { cost((below ?? above) ?? $0) }
    }
    guard below < above else { return cost(below) }
    guard let first = cost(below), let second = cost(above) else { return nil }
    return .between(first, second, share: (density - below) / (above - below))
  }
}
