/// Everything a pipeline stage takes and gives: one value, so that a stage is a function of it.
package struct ModelState: Sendable, Equatable {
  package var network: Network
  /// What a continuing optimizer goes on from; nil after a stage whose optimizer ends with it.
  package var optimizer: OptimizerState?
  /// How raw inputs become the network's inputs; nil for none.
  package var inputScaling: AffineScaling?
  /// How raw targets become the network's targets; nil for none.
  package var targetScaling: AffineScaling?
  /// Names of the classes in the order of the outputs; empty for regression.
  package var classes: [String]
  /// What the model knows of its data; nil where nothing is known.
  package var interface: ModelInterface?

  package init(
    network: Network, optimizer: OptimizerState? = nil, inputScaling: AffineScaling? = nil,
    targetScaling: AffineScaling? = nil, classes: [String] = [],
    interface: ModelInterface? = nil
  ) {
    self.network = network
    self.optimizer = optimizer
    self.inputScaling = inputScaling
    self.targetScaling = targetScaling
    self.classes = classes
    self.interface = interface
  }
}

/// x' = (x − shift) · scale, column by column.
package struct AffineScaling: Sendable, Equatable {
  /// [columns], in raw units.
  package var shift: [Float]
  /// [columns], 1 / raw units; never 0.
  package var scale: [Float]

  package init(shift: [Float], scale: [Float]) {
    precondition(shift.count == scale.count, "a shift and a scale for every column")
    self.shift = shift
    self.scale = scale
  }
}
