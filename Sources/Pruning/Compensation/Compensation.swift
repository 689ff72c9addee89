import NeuralNetworks

/// How the surviving parameters make up for weights that are removed. A choice of its own: any
/// compensation goes with any criterion.
package protocol Compensation: Sendable {
  /// The name in a schedule.
  var name: String { get }

  /// The metric whose statistics the compensation reads from the context; nil for none.
  var metric: OutputMetric? { get }

  /// Whether it reads from the context what the network before the first step makes of the samples.
  var regresses: Bool { get }

  /// How it compensates in each layer whatever other layers lose; by it curves of single layers are
  /// measured. The context knows the network as it was before.
  func layerwise(_ context: ScoringContext) -> any Compensation

  /// Changes the surviving parameters of `network`, from which weights have just been removed.
  ///
  /// Masks, and the zeros where they remove, stay as they are.
  ///
  /// - Parameters:
  ///   - removed: the indices of the removed weights, row-major and ascending, one list a layer.
  ///   - context: knows the network as it was before, and its statistics.
  ///   Where its pool is abandoned, what becomes of `network` is worth nothing.
  /// - Returns: what it saves over shifting biases alone, where it does more than that.
  @discardableResult
  func apply(
    to network: inout Network, removed: [[Int]], _ context: ScoringContext
  ) -> CompensationReport?
}

extension Compensation {
  package var metric: OutputMetric? { nil }
  package var regresses: Bool { false }
  package func layerwise(_ context: ScoringContext) -> any Compensation { self }
}
