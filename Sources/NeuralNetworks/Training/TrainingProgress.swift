/// Where a train or finetune stage stands: with the model state, all that is needed to go on and end
/// in the same bits.
package struct TrainingProgress: Sendable, Equatable {
  /// Epochs completed.
  package var epoch: Int
  /// Steps taken in the epoch that is under way.
  package var stepInEpoch: Int
  /// Loss summed over the samples seen in the epoch that is under way.
  package var lossSum: Double
  /// Mean training loss of the last completed epoch; nil before the first.
  package var lastEpochLoss: Double?
  /// Early stopping's best epoch so far.
  package var best: BestEpoch?
  /// Epochs completed since `best`.
  package var epochsSinceBest: Int

  package init(
    epoch: Int = 0, stepInEpoch: Int = 0, lossSum: Double = 0, lastEpochLoss: Double? = nil,
    best: BestEpoch? = nil, epochsSinceBest: Int = 0
  ) {
    self.epoch = epoch
    self.stepInEpoch = stepInEpoch
    self.lossSum = lossSum
    self.lastEpochLoss = lastEpochLoss
    self.best = best
    self.epochsSinceBest = epochsSinceBest
  }
}

/// The epoch with the lowest validation loss so far.
package struct BestEpoch: Sendable, Equatable {
  /// Epochs completed when it was measured.
  package var epoch: Int
  package var validationLoss: Double
  /// The network then; nil unless early stopping restores it.
  package var network: Network?

  package init(epoch: Int, validationLoss: Double, network: Network?) {
    self.epoch = epoch
    self.validationLoss = validationLoss
    self.network = network
  }
}
