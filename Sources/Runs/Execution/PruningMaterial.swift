import Datasets
import Engine
import NeuralNetworks
import NumericCore
import Pruning
import Storage

extension ModelPruning {
  /// What a model is scored and measured on.
  struct Material {
    /// Nil without any samples.
    let scored: SampleSet?
    /// Nil likewise.
    let measured: ModelSamples?
    /// What weights are scored on; without samples one that nothing reads.
    let training: SampleSet
    /// Whether the samples that are scored have targets.
    let hasTargets: Bool
    /// The model, as a classifier where targets say that it is one.
    let model: StoredModel
    /// Whether samples have targets that are classes.
    let hasLabels: Bool
    /// What the network was trained for, as far as can be known.
    let loss: Loss
    let notices: [Notice]

    /// Reads what there is.
    ///
    /// - Parameter metric: that was asked for.
    /// - Throws: `DatasetError`, `RunFailure.invalid`.
    init(
      _ samples: Samples, test: SampleFiles?, model: StoredModel, metric: OutputMetric?
    ) throws {
      var model = model
      var notices: [Notice] = []
      // What one file says of the classes holds for the other.
      func read(_ files: SampleFiles, _ model: inout StoredModel) throws -> ModelSamples {
        let samples = try model.read(files)
        if let classes = samples.classes, !model.saysTask { model = model.classifying(classes) }
        if let interface = samples.interface { model = model.knowing(interface) }
        for notice in samples.notices where !notices.contains(notice) { notices.append(notice) }
        return samples
      }
      let own: ModelSamples?
      var measured: ModelSamples?
      var known: Loss?
      switch samples {
      case .files(let files):
        own = try read(files, &model)
        measured = try test.map { try read($0, &model) } ?? own
      case .own(let run):
        let part = run.data.measuringPart
        // By its name alone, since files for others say it, too.
        let schedule = FilePaths.name(of: run.schedule)
        own = model.samples(run.data.training, "the training part of \(schedule)")
        known = run.loss
        measured =
          try test.map { try read($0, &model) }
          ?? run.data[part].map {
            model.samples($0, "the \(part.rawValue) part of \(schedule)")
          }
      case .none:
        own = nil
        measured = try test.map { try read($0, &model) }
      }
      scored = own?.samples
      self.measured = measured
      hasTargets = own?.hasTargets ?? false
      self.model = model
      hasLabels = [own, measured].contains { $0?.classes != nil }
      // Fisher, asked for a network that does not say its task and without targets that do, takes it for a
      // classifier.
      let isClassifier =
        !model.state.classes.isEmpty || (!model.saysTask && !hasTargets && metric == .fisher)
      loss = known ?? model.loss(hasClasses: isClassifier)
      training =
        own?.samples
        ?? SampleSet(
          inputs: Matrix(rows: 1, columns: model.state.network.inputs), targets: .labels([0]))
      self.notices = notices
    }
  }
}

extension StoredModel {
  /// Samples of the run that the model lies in, which are as it takes them.
  fileprivate func samples(_ samples: SampleSet, _ source: String) -> ModelSamples {
    ModelSamples(
      samples: samples, source: source, hasTargets: true,
      classes: state.classes.isEmpty ? nil : state.classes, notices: [])
  }
}
