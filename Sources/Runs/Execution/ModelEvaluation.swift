import Datasets
import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import Storage

/// Measures the model of a checkpoint, on its run's own data or on others; or a state dict on others.
package struct ModelEvaluation {
  private let checkpoint: String
  private let activation: Activation?
  private let classes: [String]?
  private let surroundings: Surroundings

  /// - Parameters:
  ///   - activation: what follows the hidden layers of a state dict that does not say it.
  ///   - classes: of a state dict that does not say them.
  package init(
    checkpoint: String, activation: Activation? = nil, classes: [String]? = nil,
    surroundings: Surroundings
  ) {
    self.checkpoint = checkpoint
    self.activation = activation
    self.classes = classes
    self.surroundings = surroundings
  }

  /// The metrics, and the name of the loss, on one part of the data of the run that the checkpoint lies in.
  ///
  /// - Throws: `RunFailure.invalid` when the checkpoint lies in no run, or the run has no such part
  ///   or other data by now; `DatasetError`, `ScheduleError`, `StoreError`.
  package func metrics(
    on part: DataPartName, pool: WorkerPool
  ) throws -> (metrics: PartMetrics, loss: String) {
    guard let run = try OwnData(of: checkpoint, surroundings) else {
      if let reason = foreign { throw RunFailure.invalid("\(checkpoint): \(reason)") }
      throw RunFailure.invalid(
        "\(checkpoint): it lies in no run's folder, so its data are not known; name them with --data"
      )
    }
    guard let samples = run.data[part] else {
      throw RunFailure.invalid(
        "\(run.schedule): data: there is no \(part.rawValue) part; use --part train, or a split")
    }
    let metrics = measure(
      run.state, on: samples, loss: run.loss, part: part.rawValue, pool: pool)
    try samples.demandRead()
    return (metrics, run.loss.word)
  }

  /// That the file is no model at all; nil where nothing tells.
  private var foreign: String? {
    guard FilePaths.size(of: checkpoint) ?? 0 <= MemoryAllowance.perFile,
      let bytes = try? FilePaths.readIfThere(checkpoint)
    else { return nil }
    return ModelFormats.foreign(bytes, path: checkpoint)
  }

  /// The same on all rows of `source`, which are raw: the checkpoint's scaling is applied. Of a
  /// state dict that does not say its task, targets of whole numbers below the number of outputs are
  /// classes.
  ///
  /// - Parameter tell: takes what the user should see.
  /// - Throws: `DatasetError`, `RunFailure.invalid` when the columns do not fit.
  package func metrics(
    on source: DataSource, pool: WorkerPool, tell: (Notice) -> Void = { _ in }
  ) throws -> (metrics: PartMetrics, loss: String) {
    let model = try StoredModel(path: checkpoint, activation: activation, classes: classes)
    model.notes.map(Notice.note).forEach(tell)
    let dataset = try model.read(source)
    dataset.notices.forEach(tell)
    if TrainingFiles(of: checkpoint)?.are(source.files) == true {
      tell(
        .warning(
          "\(dataset.source): the network was trained on rows of this file, so what is measured there says "
            + "little of new rows; name rows that it has not seen, or, where its run has a test part, leave "
            + "--data out"))
    }
    // The network in working form.
    try WorkMemory.demand(
      4 * Double(model.state.network.weightCount), for: "evaluating \(checkpoint)",
      advice: "name a smaller model", present: surroundings.memory())
    let loss = model.loss(hasClasses: dataset.targets.classNames != nil)
    if model.state.interface?.loss != loss {
      tell(
        .note(
          "\(checkpoint) does not say what it was trained for; the loss is taken for \(loss.word)"))
    }
    let metrics = measure(
      model.state, on: SampleSet(DatasetPart(dataset)), loss: loss, part: dataset.source,
      pool: pool)
    return (metrics, model.name(of: loss))
  }

  private func measure(
    _ state: ModelState, on samples: SampleSet, loss: Loss, part: String, pool: WorkerPool
  ) -> PartMetrics {
    let evaluator = Evaluator(
      samples: samples, loss: loss, targetScaling: state.targetScaling, pool: pool)
    let names = state.interface?.targets.map(\.name) ?? []
    return PartMetrics(part: part, metrics: evaluator.metrics(of: state.network).naming(names))
  }
}
