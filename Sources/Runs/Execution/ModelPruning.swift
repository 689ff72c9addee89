import Datasets
import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import Pruning
import Scheduler
import Schedules
import Storage

/// Prunes a stored model on data that are given, without training, and measures what that has cost.
package struct ModelPruning {
  /// The samples that weights are scored on; raw, the model's scaling is applied.
  package enum Samples: Sendable {
    /// Files.
    case files(SampleFiles)
    /// Those of the run that the model lies in.
    case own(OwnData)
    /// None: what looks at weights alone can be done.
    case none
  }

  private let model: StoredModel
  private let samples: Samples
  private let test: SampleFiles?
  private let target: Sparsity?
  private let granularity: PruningGranularity
  private let output: any ModelFormat
  private let path: String
  private let shrinks: Bool?

  /// - Parameters:
  ///   - test: samples that the network is measured on and never scored; nil for those that it is scored on.
  ///   - target: the share of all weights that is removed in the end, earlier ones and those of units that
  ///     were left out included; nil where groups say it.
  ///   - granularity: in what portions weights go.
  ///   - output: the format of the pruned model's file.
  ///   - path: that of the file.
  ///   - shrinks: whether units that cannot matter are left out of it; nil for all files but those that
  ///     keep the form of the model's own.
  package init(
    model: StoredModel, samples: Samples, test: SampleFiles? = nil, target: Sparsity?,
    granularity: PruningGranularity = .weight, output: any ModelFormat, at path: String,
    shrinks: Bool? = nil
  ) {
    self.shrinks = shrinks
    self.model = model
    self.samples = samples
    self.test = test
    self.target = target
    self.granularity = granularity
    self.output = output
    self.path = path
  }

  /// A pruned model, and how it came to be.
  package struct Outcome: Sendable {
    package let state: ModelState
    package let report: PruningReport
    /// What was left out of the files; nil for nothing.
    package let shrinking: ShrinkingReport?
    /// How it was pruned, as it was settled.
    package let settings: CriterionSettings
    /// Samples scored on.
    package let samples: Int
    /// What pruning has done to the network; nil without samples.
    package let comparison: PruningComparison?
    /// What the first step knew of every weight, where it was asked for.
    package let scores: [WeightScores]?
    /// The pruned model's files: of the model's own format as it came, else an export.
    package let files: [ExportedFile]
    /// Whether biases, which compensation shifts, can be written.
    package let canCompensate: Bool
    /// What the user should see.
    package let notices: [Notice]
  }

  /// Prunes in one stage.
  ///
  /// - Parameters:
  ///   - recipe: how, as far as it is stated.
  ///   - seed: of what is drawn at random.
  ///   - wantsScores: whether the outcome has them.
  /// - Throws: `DatasetError`, `RunFailure.invalid`, `.failed`.
  package func run(
    _ recipe: PruningRecipe, seed: UInt64, wantsScores: Bool, pool: WorkerPool,
    memory: Int? = MemoryAllowance.present
  ) throws -> Outcome {
    let network = model.state.network
    if let target, let kept {
      guard kept <= network.remaining else {
        throw RunFailure.invalid(
          "\(model.path): \(network.remaining) of \(model.state.originalWeightCount) weights are left, fewer "
            + "than the \(kept) that a sparsity of \(target) leaves; raise it"
            + (model.state.original == nil
              ? "" : " (it counts from the network before it was shrunk)"))
      }
    }
    let data = try Material(samples, test: test, model: model, metric: recipe.metric)
    var recipe = recipe
    var notices = data.notices
    if recipe.criterion == nil, recipe.compensation == nil, data.scored != nil,
      model.file.biasObstacle(in: output) != nil
    {
      recipe.compensation = CompensationName.none
      notices.append(
        .note(
          "\(model.path): a layer has no bias, and compensation shifts biases, so there is none; a network "
            + "with bias=True (zeros will do) loses less"))
    }
    let settings = recipe.settings(
      metric: data.hasLabels ? .fisher : .output, hasData: data.scored != nil, granularity,
      for: network)
    if data.scored != nil, let note = recipe.publishedNote(settings, granularity) {
      notices.append(.note(note))
    }
    let shiftsBiases = settings.compensation != .none || settings.refine != nil
    let obstacle =
      output.obstacle(to: model.state)
      ?? (shiftsBiases ? model.file.biasObstacle(in: output) : nil)
    if let obstacle { throw RunFailure.invalid("\(model.path): \(obstacle)") }
    try check(settings, data)
    let stage = try stage(settings)
    try demandMemory(settings, data.scored, memory)
    let work = StageWork(
      name: "prune", seed: seed, drawSeed: seed, loss: data.loss,
      data: RunData(training: data.training), pool: pool)
    let base = data.model.state
    do {
      let scores = wantsScores ? try stage.template.scores(of: network, work) : nil
      let result = try stage.run(from: .model(base), work)
      guard let report = result.pruning else {
        preconditionFailure("a pruning says what it has removed")
      }
      let comparison = data.measured.map {
        PruningComparison(
          of: base, result.model, on: $0, loss: data.loss, called: model.name(of: data.loss),
          pool: pool)
      }
      try data.measured?.samples.demandRead()
      var export = ModelExport(
        result.model, saysTask: data.model.saysTask, origin: model.export.origin)
      var shrinking: ShrinkingReport?
      // Columns that go would break up groups of so many.
      let keepsShapes =
        if case .groups = granularity { true } else { model.file.keepsForm(as: output) }
      if shrinks ?? !keepsShapes { (export, shrinking) = export.shrunk() }
      try output.demandMemory(toWrite: export.state.network, of: model.path)
      return Outcome(
        state: result.model, report: report, shrinking: shrinking, settings: settings,
        samples: data.scored?.count ?? 0,
        comparison: comparison, scores: scores,
        files: try model.file.files(of: export, as: output, at: path),
        canCompensate: model.file.biasObstacle(in: output) == nil, notices: notices)
    } catch let error as PruningError {
      throw RunFailure.failed(stage: "prune", reason: "\(error)")
    } catch let error as ModelFileError {
      throw RunFailure.failed(stage: "prune", reason: "\(error)")
    }
  }

  /// The weights that are to be left: a share of those before units were left out; nil where groups say it.
  private var kept: Int? { target?.kept(of: model.state.originalWeightCount) }

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
        keeping: kept ?? stated ?? network.remaining, template)
    } catch {
      throw .invalid("\(model.path): \(error)")
    }
  }

  /// What becomes of the network, a score and a rank for every weight (30 bytes a weight, measured), the statistics
  /// of the widest layer with what refitting makes of them, and the samples, where they still lie in a file.
  private func demandMemory(
    _ settings: CriterionSettings, _ scored: SampleSet?, _ memory: Int?
  ) throws(RunFailure) {
    let network = model.state.network
    let widest = Double(network.layers.map(\.inputs).max() ?? 0)
    let statistics = settings.compensation == .leastSquares ? 48 * widest * widest : 0
    let survivors = kept ?? 0
    let refined = settings.refine == nil ? 0 : 8 * Refinement.numbers(survivors: survivors)
    var samples = 0.0
    if let scored, case .stored = scored.source {
      samples = 4 * Double(min(settings.samples ?? .max, scored.count)) * Double(network.inputs)
    }
    let work = 30 * Double(network.weightCount) + max(statistics, refined)
    try WorkMemory.demand(
      work + samples, for: "pruning \(model.path)",
      advice: samples > work
        ? "look at fewer samples (--samples)" : "prune by --criterion magnitude",
      present: memory)
  }

  /// Finds what cannot be before anything is computed.
  private func check(_ settings: CriterionSettings, _ data: Material) throws(RunFailure) {
    let criterion = settings.pruningCriterion
    if data.scored == nil {
      if let refine = settings.refine {
        throw .commandLine(
          "--refine \(refine.target.rawValue) looks at samples; name them with --data")
      }
      let looksAtData =
        criterion.metric != nil || criterion.needsTargets || criterion.needsCurvature
      if looksAtData || settings.compensation != .none {
        throw .commandLine(
          (looksAtData
            ? "--criterion \(criterion.name)" : "--compensation \(settings.compensation.rawValue)")
            + " looks at samples; name them with --data")
      }
      return
    }
    // The curvature of the loss needs no targets, but it has to be known which loss that is.
    let needsTargets =
      criterion.needsTargets || (criterion.needsCurvature && !model.saysTask)
    if needsTargets, !data.hasTargets {
      throw .commandLine(
        "--criterion \(criterion.name) looks at the loss; name the targets of the data "
          + "with --labels")
    }
    if let refine = settings.refine {
      if refine.target != .outputs, !data.hasTargets {
        throw .commandLine(
          "--refine \(refine.target.rawValue) looks at the targets of the data; name them with --labels, "
            + "or use --refine outputs")
      }
      if !refine.suits(data.loss) {
        throw .invalid("\(model.path): \(PruningError.noCurvatureToRefine)")
      }
    }
    if criterion.needsCurvature, data.loss.curvatureFactor(outputs: 1) == nil {
      throw .invalid(
        "the criterion \(criterion.name) needs a loss with a curvature of its own; use taylor")
    }
    let network = model.state.network
    let obstacle = settings.obstacle(
      widths: network.widths,
      remaining: Double(network.remaining) / Double(max(network.weightCount, 1)),
      trainingSamples: data.training.count, advice: .commandLine)
    if let obstacle { throw .invalid("\(model.path): \(obstacle)") }
  }
}
