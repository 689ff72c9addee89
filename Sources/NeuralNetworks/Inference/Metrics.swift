/// How well a network does on a set of samples.
package struct Metrics: Sendable, Equatable {
  /// How well a regression does on one target, in original units.
  package struct Target: Sendable, Equatable {
    /// The target's name, where it is known.
    package var name: String?
    /// Root of the mean squared error.
    package var rmse: Double
    /// Mean absolute error.
    package var mae: Double
    /// Coefficient of determination (1 − residual / total sum of squares); nil where the target does not
    /// vary.
    package var r2: Double?

    package init(name: String? = nil, rmse: Double, mae: Double, r2: Double? = nil) {
      (self.name, self.rmse, self.mae, self.r2) = (name, rmse, mae, r2)
    }
  }

  /// Mean loss, of scaled targets where targets are scaled: what training makes small.
  package var loss: Double
  /// Share of samples whose class is right; nil for regression.
  package var accuracy: Double?
  /// In the order of the outputs; empty for classes.
  package var targets: [Target]

  package init(loss: Double, accuracy: Double? = nil, targets: [Target] = []) {
    self.loss = loss
    self.accuracy = accuracy
    self.targets = targets
  }

  // Uniform averages, as scikit-learn's metrics of several targets have them.

  /// The mean over the targets; nil for classes.
  package var rmse: Double? { Self.mean(targets.map(\.rmse)) }
  /// Likewise.
  package var mae: Double? { Self.mean(targets.map(\.mae)) }
  /// The mean over the targets that vary; nil for classes and where none does.
  package var r2: Double? { Self.mean(targets.compactMap(\.r2)) }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// The same with names for the targets, as far as there are any.
  package func naming(_ names: [String?]) -> Metrics {
    var metrics = self
    for (index, name) in zip(targets.indices, names) { metrics.targets[index].name = name }
    return metrics
  }
}
