import NeuralNetworks
import Runs
import Storage

/// All that a page about a run is made from.
package struct RunReport {
  /// What a stage has to do with pruning.
  enum Role {
    /// Before anything is pruned.
    case dense
    /// It has removed weights.
    case pruned
    /// It has trained what was pruned.
    case tuned
    /// Of a trial that did not hold.
    case rejected
    /// A measurement or an export.
    case leaf
  }

  /// A stage of the plan of which there is a record.
  struct Finished {
    let stage: PlannedStage
    let record: StageRecord
    let role: Role

    /// What it was measured by.
    var metrics: PartMetrics? { record.metrics.last }
  }

  let folder: RunFolder
  let plan: Plan
  let manifest: Manifest
  let status: RunStatus
  let curves: RunCurves
  /// What the result takes; nil where nobody has found out.
  let sizes: ModelSizes?
  /// What the first layer looks at; nil where inputs are no image.
  let masks: MaskPictures?
  /// When it was made.
  let time: String
  /// In the order of the plan.
  let finished: [Finished]
  /// Records by their keys.
  let records: [String: StageRecord]

  /// - Parameters:
  ///   - plan: with the trials of its searches.
  ///   - isRunning: whether a process is at work on the run.
  ///   - time: now.
  package init(
    _ folder: RunFolder, _ plan: Plan, _ manifest: Manifest, _ curves: RunCurves,
    isRunning: Bool, sizes: ModelSizes? = nil, masks: MaskPictures? = nil, time: String
  ) {
    self.folder = folder
    self.plan = plan
    self.manifest = manifest
    self.curves = curves.settled(on: plan)
    self.sizes = sizes
    self.masks = masks
    self.time = time
    records = manifest.recordsByKey
    status = RunStatus(of: plan, in: folder, manifest: manifest, isRunning: isRunning)
    finished = Self.finished(plan, records)
  }

  private static func finished(_ plan: Plan, _ records: [String: StageRecord]) -> [Finished] {
    // Whether each trial holds, as far as that is known.
    var verdicts: [String: Bool] = [:]
    func trial(_ place: TrialPlace) -> String { "\(place.search) \(place.trial.number)" }
    for stage in plan.stages {
      if let place = stage.trial, let verdict = records[stage.key]?.verdict {
        verdicts[trial(place)] = verdict.holds
      }
    }
    var isPruned = false
    return plan.stages.compactMap { stage in
      guard let record = records[stage.key] else { return nil }
      if stage.kind == .prune || stage.kind == .search { isPruned = true }
      let role: Role =
        if !stage.kind.changesModel { .leaf } else if !isPruned {
          .dense
        } else if stage.trial.map({
          verdicts[trial($0)] == false
        }) == true { .rejected } else if stage.kind == .prune { .pruned } else { .tuned }
      return Finished(stage: stage, record: record, role: role)
    }
  }

  // MARK: What counts

  var isRegression: Bool { plan.facts.classes.isEmpty }
  var measure: QualityMeasure {
    QualityMeasure(
      kind: !isRegression ? .accuracy : plan.facts.outputs > 1 ? .nrmse : .rmse)
  }
  var weightCount: Int { plan.architecture.weightCount }

  /// The stages that change the model, in the order of the plan.
  var models: [Finished] { finished.filter { $0.role != .leaf } }

  /// The last model before anything was pruned; nil where the run began with a trained network.
  var dense: Finished? { models.last { $0.role == .dense } }

  /// The model that the run has come to: not one of a trial that did not hold.
  var last: Finished? { models.last { $0.role != .rejected } }

  /// The epochs of training that lead to `end`, those of rejected trials left out.
  func epochs(until end: Finished) -> Int {
    models.filter { $0.stage.position <= end.stage.position && $0.role != .rejected }
      .reduce(0) { sum, each in
        guard let planned = each.stage.epochs else { return sum }
        return sum + min(planned, curves.lastEpochs[each.stage.name] ?? planned)
      }
  }

  /// The least share by which a loss still falls that counts as learning, over the last tenth of the epochs.
  private static let learning = 0.01

  /// Whether the training of the dense network ended at its limit while it was still getting better: its last
  /// epoch was its best on the validation part, clearly.
  var denseWasLearning: Bool {
    guard let dense, let planned = dense.stage.epochs,
      curves.lastEpochs[dense.stage.name] ?? 0 >= planned
    else { return false }
    let losses = (curves.epochs[dense.stage.name] ?? []).compactMap(\.validationLoss)
    let earlier = losses.dropLast(max(1, losses.count / 10))
    guard let last = losses.last, last == losses.min(), let before = earlier.min() else {
      return false
    }
    return last < before - Self.learning * abs(before)
  }

  /// How small and how good, against the dense network: a sentence or three.
  package var verdict: String { VerdictSection(report: self).sentence }

  /// The last measurement that has found out more than metrics, and of those on the test part first.
  var evaluation: Finished? {
    let all = finished.filter { $0.record.evaluation != nil }
    return all.last { $0.metrics?.part == "test" } ?? all.last
  }
}

/// What a network is good at, beside its loss.
struct QualityMeasure: Equatable {
  let kind: Metrics.Measure

  /// In a sentence.
  var word: String { kind.rawValue }
  var axis: String { isError ? kind.rawValue : "accuracy, %" }
  /// Whether less is better, and axes are logarithmic.
  var isError: Bool { kind != .accuracy }

  /// As an axis has it.
  func value(_ metrics: Metrics?) -> Double? {
    switch kind {
    case .accuracy: metrics?.accuracy.map { 100 * $0 }
    case .rmse: metrics?.rmse
    case .nrmse: metrics?.nrmse
    case .loss: metrics?.loss
    }
  }

  func text(_ metrics: Metrics?) -> String {
    guard let value = value(metrics) else { return "–" }
    return isError ? NumberText.significant(value, 4) : NumberText.fixed(value, 2) + " %"
  }

  /// A cell with it.
  func cell(_ metrics: Metrics?) -> PageTable.Cell {
    isError ? .number(value(metrics)) : .percent(metrics?.accuracy)
  }

  var column: PageTable.Column { PageTable.Column(title: word, name: word) }
}
