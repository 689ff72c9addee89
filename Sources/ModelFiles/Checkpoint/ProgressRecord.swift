import NeuralNetworks
import Storage

/// What the metadata of a checkpoint say of an unfinished stage; the best network's values are
/// entries. The losses are written with as many digits as it takes to read back the same bits.
package struct ProgressRecord: Sendable, Equatable {
  /// Where training stands, without the best network's values.
  package let progress: TrainingProgress
  /// The layers of early stopping's best network, where it is kept.
  package let bestLayers: [LayerRecord]?

  /// The record of `progress`.
  /// - Throws: `CheckpointError.nonFinite` for a loss that JSON cannot hold.
  init(_ progress: TrainingProgress) throws(CheckpointError) {
    for (name, loss) in [
      ("loss_sum", progress.lossSum), ("last_epoch_loss", progress.lastEpochLoss ?? 0),
      ("best.validation_loss", progress.best?.validationLoss ?? 0),
    ] where !loss.isFinite {
      throw .nonFinite(entry: "progress.\(name)")
    }
    bestLayers = progress.best?.network?.layers.map { LayerRecord($0) }
    var bare = progress
    bare.best?.network = nil
    self.progress = bare
  }

  /// The record as JSON.
  var json: JSONValue {
    var best = JSONValue.null
    if let epoch = progress.best {
      best = [
        "epoch": JSONValue(epoch.epoch), "validation_loss": JSONValue(epoch.validationLoss),
        "layers": bestLayers.map { JSONValue($0.map(\.json)) } ?? .null,
      ]
    }
    return [
      "epoch": JSONValue(progress.epoch), "step_in_epoch": JSONValue(progress.stepInEpoch),
      "loss_sum": JSONValue(progress.lossSum),
      "last_epoch_loss": JSONValue(progress.lastEpochLoss),
      "epochs_since_best": JSONValue(progress.epochsSinceBest), "best": best,
    ]
  }

  /// The record that `json` describes.
  init(_ json: JSONValue) throws(CheckpointError) {
    var progress = TrainingProgress()
    var bestLayers: [JSONValue]?
    do throws(JSONError) {
      progress.epoch = try json.integer(at: "epoch")
      progress.stepInEpoch = try json.integer(at: "step_in_epoch")
      progress.lossSum = try json.number(at: "loss_sum")
      if try !json.value(at: "last_epoch_loss").isNull {
        progress.lastEpochLoss = try json.number(at: "last_epoch_loss")
      }
      progress.epochsSinceBest = try json.integer(at: "epochs_since_best")
      let best = try json.value(at: "best")
      if !best.isNull {
        progress.best = BestEpoch(
          epoch: try best.integer(at: "epoch"),
          validationLoss: try best.number(at: "validation_loss"), network: nil)
        if try !best.value(at: "layers").isNull { bestLayers = try best.array(at: "layers") }
      }
    } catch {
      throw .metadata(error.inside("progress"))
    }
    let counters = [
      progress.epoch, progress.stepInEpoch, progress.epochsSinceBest, progress.best?.epoch ?? 0,
    ]
    guard counters.allSatisfy({ $0 >= 0 }) else {
      throw .metadataValue(path: "progress", problem: "counts below 0")
    }
    self.progress = progress
    self.bestLayers = try bestLayers.map { (layers) throws(CheckpointError) in
      try LayerRecord.layers(layers, path: "progress.best.layers")
    }
  }
}
