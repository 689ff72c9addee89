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
  /// The shape before units of it were left out; nil where none was.
  package var original: OriginalShape?

  package init(
    network: Network, optimizer: OptimizerState? = nil, inputScaling: AffineScaling? = nil,
    targetScaling: AffineScaling? = nil, classes: [String] = [],
    interface: ModelInterface? = nil, original: OriginalShape? = nil
  ) {
    self.network = network
    self.optimizer = optimizer
    self.inputScaling = inputScaling
    self.targetScaling = targetScaling
    self.classes = classes
    self.interface = interface
    self.original = original
  }

  /// Weights of the network before units of it were left out, pruned ones included.
  package var originalWeightCount: Int { original?.weightCount ?? network.weightCount }
  /// Share of these that is gone.
  package var sparsity: Double {
    1 - Double(network.remaining) / Double(max(originalWeightCount, 1))
  }
}

/// x' = (x − shift) · scale, column by column, in float64.
package struct AffineScaling: Sendable, Equatable {
  /// [columns], finite, in raw units.
  package let shift: [Double]
  /// [columns], finite and not 0, 1 / raw units.
  package let scale: [Double]

  /// - Precondition: both are as long, all numbers are finite and no scale is 0.
  package init(shift: [Double], scale: [Double]) {
    precondition(Self.isUsable(shift, scale), "a finite shift and scale for every column")
    self.shift = shift
    self.scale = scale
  }

  /// x' of `raw`, a value of column `column`.
  package func scaled(_ raw: Double, column: Int) -> Double {
    (raw - shift[column]) * scale[column]
  }

  /// x of `scaled`, a value of column `column` in the network's units.
  package func raw(_ scaled: Double, column: Int) -> Double {
    scaled / scale[column] + shift[column]
  }

  /// Nil where the numbers, which may come from a file, are no scaling.
  package init?(validating shift: [Double], scale: [Double]) {
    guard Self.isUsable(shift, scale) else { return nil }
    self.init(shift: shift, scale: scale)
  }

  private static func isUsable(_ shift: [Double], _ scale: [Double]) -> Bool {
    shift.count == scale.count && shift.allSatisfy(\.isFinite)
      && scale.allSatisfy { $0.isFinite && $0 != 0 }
  }
}
