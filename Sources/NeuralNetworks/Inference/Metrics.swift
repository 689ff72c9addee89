/// How well a network does on a set of samples.
package struct Metrics: Sendable, Equatable {
  /// Mean loss, in original units for regression with scaled targets.
  package var loss: Double
  /// Share of samples whose class is right; nil for regression.
  package var accuracy: Double?
  /// Root of the mean squared error over samples and outputs, in original units; nil for classes.
  package var rmse: Double?
  /// Coefficient of determination over all outputs together (1 − residual / total sum of squares,
  /// each output about its own mean); nil for classes and where the targets do not vary.
  package var r2: Double?

  package init(loss: Double, accuracy: Double? = nil, rmse: Double? = nil, r2: Double? = nil) {
    self.loss = loss
    self.accuracy = accuracy
    self.rmse = rmse
    self.r2 = r2
  }
}
