import Engine
import NeuralNetworks
import Pruning
import Runs
import Scheduler
import Schedules
import Storage

/// Plans the cells of one model on one data set.
struct StudyGroupBuilder {
  let settings: StudySettings
  /// The data set's position.
  let dataset: Int
  /// The position of the data in the study's sources.
  let source: Int
  let facts: DataFacts
  let model: ModelSettings

  private var loss: Loss { settings.training.loss }
  /// Of the dense network; nil where it is trained already.
  private var training: TrainSettings? { model.start == nil ? settings.train : nil }
  private var name: String { settings.datasets[dataset].name }

  private var start: Network? { model.start?.state.network }

  /// The position of the model in the study.
  private var position: Int { settings.models.firstIndex(of: model) ?? 0 }

  /// The dense network of the model on these data.
  func architecture() throws(StudyObstacle) -> Architecture {
    if let obstacle = Plan.obstacle(to: loss, facts: facts) {
      throw StudyObstacle(.training("loss"), obstacle)
    }
    let outputs = Plan.outputs(for: loss, facts: facts)
    if let start = model.start {
      if let obstacle = Plan.obstacle(to: start, facts: facts, outputs: outputs) {
        throw StudyObstacle(.model(position, key: "start"), obstacle)
      }
      if settings.finetune != nil, start.state.network.hasUnitSlopes {
        throw StudyObstacle(.key("finetune"), Plan.untrainable(start))
      }
    }
    return Architecture(
      widths: [facts.inputs] + model.hidden + [outputs], activation: model.activation,
      initialization: model.initialization)
  }

  /// The dense network and its cells.
  func group(
    _ architecture: Architecture, name modelName: String, seed: UInt64
  ) throws(StudyObstacle) -> StudyGroup {
    do {
      _ = try architecture.profiles()
    } catch {
      throw StudyObstacle(.model(position), "\(error)")
    }
    let dense: JSONObject = [
      "study": 1, "data": settings.datasets[dataset].data.canonical(seed: settings.seed),
      "model": model.canonical, "train": training.map { .object($0.json) } ?? .null,
      "keeps_optimizer": JSONValue(settings.finetune?.continuesOptimizer ?? false),
    ]
    let root = RootRecord(dense, facts: facts, seed: seed)
    let draft = Draft(
      architecture: architecture, model: modelName, seed: seed, denseKey: root.key)
    return StudyGroup(
      key: root.key, dataset: dataset, datasetName: name, source: source, start: start,
      architecture: architecture, dropout: model.dropout, model: modelName, seed: seed,
      batches: try batches(draft),
      cost: training == nil ? 0 : cost(architecture.weightCount, training),
      settings: root.settings)
  }

  private func batches(_ draft: Draft) throws(StudyObstacle) -> [[StudyCell]] {
    if let experiment = settings.experiment?.value {
      return try experiment.batches(
        of: StudyNetwork(
          settings: settings, dataset: name, model: draft.model,
          architecture: draft.architecture, facts: facts, seed: draft.seed, key: draft.denseKey))
    }
    var batches = try settings.baselines.map { (baseline) throws(StudyObstacle) in
      switch baseline {
      case .unpruned: [unpruned(draft)]
      case .narrower: try narrower(draft)
      }
    }
    for method in settings.methods where method.datasets.contains(name) {
      batches.append(try pruned(draft, by: method))
    }
    return batches
  }

  /// What the cells of a group have in common.
  private struct Draft {
    let architecture: Architecture
    let model: String
    let seed: UInt64
    let denseKey: String
  }

  // MARK: Cells

  private func unpruned(_ draft: Draft) -> StudyCell {
    cell(
      draft, .unpruned, ratio: 0, weights: start?.remaining ?? draft.architecture.weightCount,
      criterion: StudyBaseline.unpruned.rawValue,
      own: ["kind": "unpruned"], cost: finetuningCost(draft.architecture.weightCount))
  }

  private func narrower(_ draft: Draft) throws(StudyObstacle) -> [StudyCell] {
    var ratios: [Sparsity] = []
    for ratio in settings.methods.flatMap(\.ratios) where !ratios.contains(ratio) {
      ratios.append(ratio)
    }
    ratios.sort { $0.fraction < $1.fraction }
    return try ratios.map { (ratio) throws(StudyObstacle) in
      let kept = ratio.kept(of: draft.architecture.weightCount)
      guard let widths = NarrowerNetwork.widths(draft.architecture.widths, atMost: kept) else {
        throw StudyObstacle(
          .key("baselines"),
          "a network narrower than \(draft.model) has more than the "
            + "\(kept) weights that are left at the ratio \(ratio) even with one unit a layer; leave "
            + "out narrower, or that ratio")
      }
      let weights = NarrowerNetwork.weights(widths)
      return cell(
        draft, .narrower(widths: widths), ratio: ratio.fraction, weights: weights,
        criterion: StudyBaseline.narrower.rawValue,
        own: ["kind": "narrower", "widths": JSONValue(widths.map { JSONValue($0) })],
        cost: cost(weights, training) + finetuningCost(weights))
    }
  }

  private func pruned(
    _ draft: Draft, by method: StudyMethod
  ) throws(StudyObstacle) -> [StudyCell] {
    let (widths, weightCount) = (draft.architecture.widths, draft.architecture.weightCount)
    let remaining = start?.remaining ?? weightCount
    if let obstacle = method.criterion.obstacle(
      widths: widths, remaining: Double(remaining) / Double(max(weightCount, 1)),
      trainingSamples: facts.trainingSamples)
    {
      throw StudyObstacle(.key("criteria"), "\(method.title) on \(draft.model): \(obstacle)")
    }
    let template: PruningTemplate
    do {
      template = try PruningTemplate(method.criterion, method.budget, of: draft.architecture)
    } catch {
      throw StudyObstacle(.key("criteria"), "\(method.title) on \(draft.model): \(error)")
    }
    var seen: [Int: Sparsity] = [:]
    return try method.ratios.map { (ratio) throws(StudyObstacle) in
      let kept = ratio.kept(of: draft.architecture.weightCount)
      if let other = seen[kept] {
        throw StudyObstacle(
          .key("ratios"),
          "\(other) and \(ratio) both leave \(kept) weights of "
            + "\(draft.model); leave one of them out")
      }
      seen[kept] = ratio
      guard kept <= remaining else {
        throw StudyObstacle(
          .key("ratios"),
          "\(ratio) would leave \(kept) weights of \(draft.model), of which "
            + "only \(remaining) are left; raise it, or leave it out")
      }
      var own = method.resultSettings
      own["kind"] = "pruned"
      own["weights"] = JSONValue(kept)
      let weights = draft.architecture.weightCount
      let totals: [Int]
      do {
        totals = try settings.rounds.totals(from: remaining, of: weights, to: kept)
        try template.demand(
          totals, of: draft.architecture, remaining: start?.layers.map(\.remaining))
      } catch {
        throw StudyObstacle(
          .key("ratios"), "\(ratio) on \(draft.model), \(method.title): \(error)")
      }
      return cell(
        draft, .pruned(totals.map { PruneStage(keeping: $0, template) }), ratio: ratio.fraction,
        weights: kept, criterion: method.label,
        metric: method.metric?.rawValue, compensation: method.criterion.compensation.rawValue,
        budget: method.budget.name, own: own,
        cost: finetuningCost(weights))
    }
  }

  private func cell(
    _ draft: Draft, _ subject: StudyCell.Subject, ratio: Double, weights: Int, criterion: String,
    metric: String? = nil, compensation: String? = nil, budget: String? = nil, own: JSONObject,
    cost: Double
  ) -> StudyCell {
    var json = own
    json["finetune"] = settings.finetune.map { .object($0.json) } ?? .null
    // In one round no curve plays a part.
    if settings.rounds.count > 1 { json["rounds"] = settings.rounds.json }
    json["loss"] = settings.training.json["loss"] ?? .null
    json["label_smoothing"] = settings.training.json["label_smoothing"] ?? .null
    return StudyCell(
      key: StageKey.derive(
        parent: draft.denseKey, settings: .object(json), facts: facts, seed: draft.seed),
      subject: subject, weights: weights,
      identity: StudyCellIdentity(
        dataset: name, model: draft.model, criterion: criterion, metric: metric,
        compensation: compensation, budget: budget, ratio: ratio, seed: draft.seed), cost: cost)
  }

  /// Multiply-adds of the fine-tuning in all rounds.
  private func finetuningCost(_ weights: Int) -> Double {
    cost(weights, settings.finetune) * Double(settings.rounds.count)
  }

  /// Multiply-adds of training `weights` weights, with what a step costs besides.
  private func cost(_ weights: Int, _ training: TrainSettings?) -> Double {
    guard let training else { return Double(facts.testSamples ?? 1) * Double(weights) }
    return TrainingCost.of(
      weights, samples: facts.trainingSamples, batch: training.options.batch,
      epochs: training.epochs)
  }
}
