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

  /// Of a single target, in its units. Nil for classes, and for several targets: what is in different units has
  /// no mean.
  package var rmse: Double? { targets.count == 1 ? targets[0].rmse : nil }
  /// Likewise.
  package var mae: Double? { targets.count == 1 ? targets[0].mae : nil }

  /// Of several targets: the root of the mean, over targets and samples, of the squared errors, each in standard
  /// deviations of its target among the samples. 0 for none, 1 for those of the targets' means. Nil for classes,
  /// for a single target, which has its `rmse`, and where no target varies.
  package var nrmse: Double? {
    targets.count > 1 ? r2.map { max(0, 1 - $0).squareRoot() } : nil
  }

  /// The mean over the targets that vary, as scikit-learn has it; nil for classes and where none does.
  package var r2: Double? {
    let values = targets.compactMap(\.r2)
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// The number that stands for how good a network is.
  package enum Measure: String, Sendable {
    /// Of classes.
    case accuracy
    /// Of one target.
    case rmse
    /// Of several targets.
    case nrmse
    /// Where nothing else is measured.
    case loss
  }

  /// What counts of them, and its value.
  package var quality: (measure: Measure, value: Double) {
    if let accuracy { return (.accuracy, accuracy) }
    if let rmse { return (.rmse, rmse) }
    if let nrmse { return (.nrmse, nrmse) }
    return (.loss, loss)
  }

  /// The same with names for the targets, as far as there are any.
  package func naming(_ names: [String?]) -> Metrics {
    var metrics = self
    for (index, name) in zip(targets.indices, names) { metrics.targets[index].name = name }
    return metrics
  }
}
