import NeuralNetworks

/// How the surviving parameters make up for weights that are removed. A choice of its own: any
/// compensation goes with any criterion.
package protocol Compensation: Sendable {
  /// The name in a schedule.
  var name: String { get }

  /// The metric whose statistics the compensation reads from the context; nil for none.
  var metric: OutputMetric? { get }

  /// Changes the surviving parameters of `network`, from which weights have just been removed.
  ///
  /// - Parameters:
  ///   - removed: the indices of the removed weights, row-major and ascending, one list a layer.
  ///   - context: knows the network as it was before, and its statistics.
  func apply(to network: inout Network, removed: [[Int]], _ context: ScoringContext)
}
