/// Ends training once the validation loss is back at what it was before a pruning.
package struct RecoveryPoint: Sendable, Equatable {
  /// Epochs before which training does not end, at least 1.
  package let minimumEpochs: Int
  /// The validation loss to come down to, under the loss that is trained with.
  package let loss: Double

  package init(minimumEpochs: Int, loss: Double) {
    precondition(minimumEpochs >= 1, "at least one epoch")
    self.minimumEpochs = minimumEpochs
    self.loss = loss
  }
}
