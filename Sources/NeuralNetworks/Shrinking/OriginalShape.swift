/// The shape of a network before units or inputs of it were left out, by which it is known how much of that
/// network is gone.
package struct OriginalShape: Sendable, Equatable {
  /// Of the inputs, of every hidden layer, and of the outputs.
  package let widths: [Int]
  /// Weights of the network, pruned ones included.
  package let weightCount: Int

  /// - Parameter present: the widths of what has become of it.
  /// - Returns: nil where that cannot have come of it, or nothing was left out.
  package init?(widths: [Int], of present: [Int]) {
    guard widths.count == present.count, widths.last == present.last, widths != present,
      zip(widths, present).allSatisfy({ $0 >= $1 })
    else { return nil }
    var total = 0
    for (inputs, outputs) in zip(widths, widths.dropFirst()) {
      let (layer, isTooLarge) = inputs.multipliedReportingOverflow(by: outputs)
      let (sum, overflows) = total.addingReportingOverflow(layer)
      if isTooLarge || overflows { return nil }
      total = sum
    }
    self.widths = widths
    weightCount = total
  }
}
