/// Numbers as a line of blocks.
package enum Sparkline {
  private static let blocks = Array("▁▂▃▄▅▆▇█")

  /// A block a value, between the least and the largest of them, or from `low`.
  package static func text(_ values: [Double], from low: Double? = nil) -> String {
    let least = low ?? values.min() ?? 0
    let most = values.max() ?? 0
    return String(
      values.map { value in
        var share = most > least ? (value - least) / (most - least) : 0.5
        // What is not finite has no place between others.
        if share.isNaN { share = 0.5 }
        return blocks[Int((min(max(share, 0), 1) * Double(blocks.count - 1)).rounded())]
      })
  }
}
