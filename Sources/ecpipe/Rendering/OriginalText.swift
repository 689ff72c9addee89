import NeuralNetworks

/// How many weights a model has: of the network that it was, and of the matrices that it is, where units were
/// left out in between.
struct OriginalText {
  /// Live weights.
  let weights: Int
  /// Weights in all.
  let total: Int
  /// The shape before units were left out; nil where none was.
  let original: OriginalShape?

  var lines: [String] {
    guard let original else { return [Self.line("weights", weights, of: total, "")] }
    let widths = original.widths.map(String.init).joined(separator: "-")
    return [
      Self.line(
        "weights", weights, of: original.weightCount, " of the network before it was shrunk"),
      "original  \(widths)", Self.line("matrices", weights, of: total, " of them"),
    ]
  }

  private static func line(_ title: String, _ weights: Int, of total: Int, _ of: String) -> String {
    let sparsity = 1 - Double(weights) / Double(max(total, 1))
    return title + String(repeating: " ", count: 10 - title.count)
      + "\(Figures.grouped(weights)) of \(Figures.grouped(total)), sparsity "
      + Figures.percent(sparsity, 2) + of
  }
}
