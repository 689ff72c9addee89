/// How well a network does on a set of samples.
package struct Metrics: Sendable, Equatable {
  /// Mean loss, of scaled targets where targets are scaled: what training makes small.
  package var loss: Double
  /// Share of samples whose class is right; nil for regression.
  package var accuracy: Double?
  /// Root of the mean squared error over samples and outputs, in original units; nil for classes.
  package var rmse: Double?
  /// Coefficient of determination (1 − residual / total sum of squares), the mean over the targets
  /// that vary; nil for classes and where none does.
  package var r2: Double?

  package init(loss: Double, accuracy: Double? = nil, rmse: Double? = nil, r2: Double? = nil) {
    self.loss = loss
    self.accuracy = accuracy
    self.rmse = rmse
    self.r2 = r2
  }
}
