import Engine

/// Everything that decides how one train or finetune stage changes a network.
package struct TrainingSettings: Sendable, Equatable {
  /// At least 1.
  package var epochs: Int
  /// Samples a step, at least 1; the last step of an epoch may have fewer.
  package var batch: Int
  package var loss: Loss
  package var optimizer: Optimizer
  package var schedule: LearningRateSchedule
  /// Largest global norm of the gradient, above 0; larger ones are scaled down to it. nil: no limit.
  package var clipNorm: Double?
  package var earlyStop: EarlyStop?
  /// The share of the units of each hidden layer that a step leaves out, at least 0 and below 1: one a hidden
  /// layer, or none at all.
  package var dropout: [Double]

  package init(
    epochs: Int, batch: Int, loss: Loss, optimizer: Optimizer,
    schedule: LearningRateSchedule = LearningRateSchedule(), clipNorm: Double? = nil,
    earlyStop: EarlyStop? = nil, dropout: [Double] = []
  ) {
    precondition(epochs >= 1 && batch >= 1)
    self.epochs = epochs
    self.batch = batch
    self.loss = loss
    self.optimizer = optimizer
    self.schedule = schedule
    self.clipNorm = clipNorm
    self.earlyStop = earlyStop
    self.dropout = dropout
  }
}

/// Ends training when the validation loss has not improved for a while.
package struct EarlyStop: Sendable, Equatable {
  /// Epochs without improvement after which training ends, at least 1.
  package var patience: Int
  /// Whether the network of the best epoch is the result, rather than the last one.
  package var restoreBest: Bool

  package init(patience: Int, restoreBest: Bool = true) {
    precondition(patience >= 1)
    self.patience = patience
    self.restoreBest = restoreBest
  }
}
