import Datasets
import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import Pruning
import Scheduler
import Schedules

/// Prunes a stored model on data that are given, without training.
package struct ModelPruning {
  /// The samples that weights are scored on; raw, the model's scaling is applied.
  package enum Samples: Sendable {
    /// A file of inputs.
    case inputs(String)
    /// Inputs and what the network should make of them.
    case labelled(DataSource)
  }

  private let model: StoredModel
  private let samples: Samples
  private let target: Sparsity?
  private let granularity: PruningGranularity
  private let output: any ModelFormat

  /// - Parameters:
  ///   - target: the share of all weights that is removed in the end, earlier ones included; nil where
  ///     groups say it.
  ///   - granularity: in what portions weights go.
  ///   - output: the format of the pruned model's file.
  package init(
    model: StoredModel, samples: Samples, target: Sparsity?,
    granularity: PruningGranularity = .weight, output: any ModelFormat
  ) {
    self.model = model
    self.samples = samples
    self.target = target
    self.granularity = granularity
    self.output = output
  }

  /// A pruned model, and how it came to be.
  package struct Outcome: Sendable {
    package let state: ModelState
    package let report: PruningReport
    package let metric: OutputMetric
    /// Samples scored on.
    package let samples: Int
    /// What the first step knew of every weight, where it was asked for.
    package let scores: [WeightScores]?
    /// The content of the pruned model's file: of the model's own format as it came, else an export.
    package let bytes: [UInt8]
  }

  /// Prunes in one stage.
  ///
  /// - Parameters:
  ///   - settings: how, for the metric that is used.
  ///   - metric: nil for fisher where the labels are classes, output elsewhere.
  ///   - seed: of what is drawn at random.
  ///   - wantsScores: whether the outcome has them.
  /// - Throws: `DatasetError`, `RunFailure.invalid`, `.failed`.
  package func run(
    metric: OutputMetric?, seed: UInt64, wantsScores: Bool, pool: WorkerPool,
    settings: (OutputMetric) -> CriterionSettings
  ) throws -> Outcome {
    let network = model.state.network
    if let target {
      let kept = target.kept(of: network.weightCount)
      guard kept <= network.remaining else {
        throw RunFailure.invalid(
          "\(model.path): \(network.remaining) of \(network.weightCount) weights are left, fewer "
            + "than the \(kept) that a sparsity of \(target) leaves; raise it")
      }
    }
    let data = try read()
    let chosen = metric ?? (data.hasClasses ? .fisher : .output)
    let loss = loss(for: data, metric: metric)
    let settings = settings(chosen)
    let obstacle =
      output.obstacle(to: model.state)
      ?? (settings.compensation == .none ? nil : model.file.biasObstacle(in: output))
    if let obstacle { throw RunFailure.invalid("\(model.path): \(obstacle)") }
    try check(settings, loss: loss, samples: data.samples.count)
    let stage = try stage(settings)
    let work = StageWork(
      name: "prune", seed: seed, drawSeed: seed, loss: loss,
      data: RunData(training: data.samples), pool: pool)
    do {
      let scores = wantsScores ? try stage.template.scores(of: network, work) : nil
      let result = try stage.run(
        from: .model(data.hasClasses ? model.classifier : model.state), work)
      guard let report = result.pruning else {
        preconditionFailure("a pruning says what it has removed")
      }
      return Outcome(
        state: result.model, report: report, metric: chosen, samples: data.samples.count,
        scores: scores,
        bytes: try model.file.bytes(
          of: result.model, as: output, saysTask: model.saysTask || data.hasClasses))
    } catch let error as PruningError {
      throw RunFailure.failed(stage: "prune", reason: "\(error)")
    } catch let error as ModelFileError {
      throw RunFailure.failed(stage: "prune", reason: "\(error)")
    }
  }

  /// Prunes by one ranking of the network's weights or units, or, where a criterion ranks the weights of
  /// each row alone, the same share of each layer; or by groups. Nothing is limited.
  private func stage(_ settings: CriterionSettings) throws(RunFailure) -> PruneStage {
    let network = model.state.network
    let budget = Budget(
      policy: settings.pruningCriterion.scope == .network ? .global : .uniform,
      granularity: granularity)
    do throws(BudgetError) {
      let template = try PruningTemplate(
        settings, budget, layers: network.layers.map(\.name), outputs: network.outputs)
      var profiles: [LayerProfile] = []
      for layer in network.layers {
        profiles.append(
          try LayerProfile(
            name: layer.name, outputs: layer.outputs, inputs: layer.inputs,
            remaining: layer.remaining))
      }
      let stated = try budget.statedTotal(of: profiles, limits: template.limits)
      return PruneStage(
        keeping: target?.kept(of: network.weightCount) ?? stated ?? network.remaining, template)
    } catch {
      throw .invalid("\(model.path): \(error)")
    }
  }

  /// Finds what cannot be before anything is computed.
  private func check(
    _ settings: CriterionSettings, loss: Loss, samples: Int
  ) throws(RunFailure) {
    let isLabelled = if case .labelled = self.samples { true } else { false }
    // The curvature of the loss needs no targets, but it has to be known which loss that is.
    let criterion = settings.pruningCriterion
    if criterion.needsTargets || (criterion.needsCurvature && !model.saysTask), !isLabelled {
      throw .commandLine(
        "--criterion \(criterion.name) looks at the loss; name the targets of the data "
          + "with --labels")
    }
    if criterion.needsCurvature, loss.curvatureFactor(outputs: 1) == nil {
      throw .invalid(
        "the criterion \(criterion.name) needs a loss with a curvature of its own; use taylor")
    }
    let network = model.state.network
    let obstacle = settings.obstacle(
      widths: [network.inputs] + network.layers.map(\.outputs),
      remaining: Double(network.remaining) / Double(max(network.weightCount, 1)),
      trainingSamples: samples, advice: .commandLine)
    if let obstacle { throw .invalid("\(model.path): \(obstacle)") }
  }

  // MARK: Data

  /// Samples as the network takes them.
  private struct Data {
    let samples: SampleSet
    /// Whether there are labels, and they are classes.
    let hasClasses: Bool
  }

  private func read() throws -> Data {
    switch samples {
    case .inputs(let file):
      var (inputs, names) = try InputFile.read(file, interface: model.state.interface)
      try model.scale(inputs: &inputs, file: file, names: names)
      // Nothing reads the targets of samples that have none.
      let targets = SampleSet.Targets.labels(Array(repeating: 0, count: inputs.rows))
      return Data(samples: SampleSet(inputs: inputs, targets: targets), hasClasses: false)
    case .labelled(let source):
      let dataset = try model.read(source)
      return Data(
        samples: SampleSet(DatasetPart(dataset)), hasClasses: dataset.targets.classNames != nil)
    }
  }

  /// What the network was trained for, as far as can be known: fisher, asked for a network that does
  /// not say its task and without labels that do, takes it for a classifier.
  private func loss(for data: Data, metric: OutputMetric?) -> Loss {
    let isLabelled = if case .labelled = samples { true } else { false }
    let isClassifier =
      data.hasClasses || !model.state.classes.isEmpty
      || (!model.saysTask && !isLabelled && metric == .fisher)
    return model.loss(hasClasses: isClassifier)
  }
}
