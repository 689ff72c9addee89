/// Numbers as a line of blocks.
package enum Sparkline {
  private static let blocks = Array("▁▂▃▄▅▆▇█")

  /// A block a value, between the least and the largest of them, or from `low`.
  package static func text(_ values: [Double], from low: Double? = nil) -> String {
    let least = low ?? values.min() ?? 0
    let most = values.max() ?? 0
    return String(
      values.map { value in
        let share = most > least ? (value - least) / (most - least) : 0.5
        return blocks[Int((share * Double(blocks.count - 1)).rounded())]
      })
  }
}
