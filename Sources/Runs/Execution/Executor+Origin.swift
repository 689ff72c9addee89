import Datasets
import NeuralNetworks
import Pipeline

/// Models that a stage needs beside the one before it: to go back to, or to recover what they had.
extension Executor {
  /// The model under `key`, which a stage goes back to.
  mutating func originModel(
    _ key: String, _ store: inout CheckpointStore
  ) throws -> ModelState {
    if let origin, origin.key == key { return origin.model }
    let model = try model(after: key, &store)
    setOrigin(model, key: key)
    return model
  }

  /// Says what the model under `key` is, so that whoever needs it computes and reads nothing.
  mutating func setOrigin(_ model: ModelState, key: String) { origin = (key, model) }

  /// The loss at which the stage of `action` may end; nil for a stage of fixed length.
  ///
  /// It is that on record where the stage trains with the loss that records are measured by, and else
  /// measured on the model, which has the same bits.
  mutating func recoveryPoint(
    of action: TrainingAction, data: RunData, _ store: inout CheckpointStore
  ) throws -> RecoveryPoint? {
    guard let recovery = action.recovery else { return nil }
    if let loss = recordedLoss(of: action, store.manifest) {
      return RecoveryPoint(minimumEpochs: recovery.minimumEpochs, loss: loss)
    }
    guard let samples = data.validation, samples.count > 0 else {
      throw RunFailure.invalid("data: there is no validation part to recover on; give it a share")
    }
    let model = try originModel(recovery.reference, &store)
    let metrics = Evaluator(
      samples: samples, loss: action.settings.loss, targetScaling: model.targetScaling,
      pool: environment.pool
    ).metrics(of: model.network)
    return RecoveryPoint(minimumEpochs: recovery.minimumEpochs, loss: metrics.loss)
  }

  /// The key of the model that `stage` needs beside the one before it; nil for none.
  func originKey(of stage: PlannedStage, _ manifest: Manifest) -> String? {
    switch stage.action {
    case .rewind(let action): action.origin
    case .train(let action):
      recordedLoss(of: action, manifest) == nil ? action.recovery?.reference : nil
    case .prune, .search, .evaluate: nil
    }
  }

  /// The validation loss on record that the stage of `action` is to come down to.
  private func recordedLoss(of action: TrainingAction, _ manifest: Manifest) -> Double? {
    guard let recovery = action.recovery, action.settings.loss == plan.loss else { return nil }
    return manifest.record(of: recovery.reference)?.metrics
      .first { $0.part == DataPartName.validation.rawValue }?.metrics.loss
  }
}
