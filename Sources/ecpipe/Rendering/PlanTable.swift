import Runs
import Scheduler

/// The table of a plan: a row a stage, with the weights that it will leave.
package enum PlanTable {
  /// The lines for `plan`, below one that names the network.
  ///
  /// - Parameters:
  ///   - estimate: what the stages are expected to take; nil where nobody asked.
  ///   - width: cells that a line of the table may have; nil for as many as it takes.
  package static func lines(
    of plan: Plan, _ estimate: PlanEstimate? = nil, width: Int? = nil
  ) -> [String] {
    var table = TextTable(
      [("stage", .left), ("epochs", .right), ("sparsity", .right), ("weights", .right)]
        + (estimate == nil ? [] : [("seconds", .right), ("MiB", .right), ("bytes", .right)])
        + [("layers", .left)])
    for (index, stage) in plan.stages.enumerated() {
      table.add(
        [
          stage.name, epochs(of: stage), stage.sparsity.map { Figures.percent($0, 2) } ?? "",
          stage.weights.map(Figures.grouped) ?? "",
        ] + (estimate.map { EstimateText.cells(of: $0.stages[index], stage) } ?? [])
          + [layers(stage, of: plan)])
    }
    return head(of: plan) + table.lines(width: width) + recipes(of: plan)
      + plan.stages.flatMap { search($0) + limit($0) }
  }

  /// The line that names the network, and an empty one.
  static func head(of plan: Plan) -> [String] {
    let widths = plan.architecture.widths.map(String.init).joined(separator: "-")
    let weights = Figures.grouped(plan.architecture.weightCount)
    let samples = Figures.grouped(plan.facts.trainingSamples)
    return ["\(plan.name): \(widths), \(weights) weights, \(samples) training samples", ""]
  }

  /// How stages prune that are no rounds of another one.
  private static func recipes(of plan: Plan) -> [String] {
    let lines = plan.stages.compactMap { stage -> String? in
      guard let pruning = stage.action.modelStage?.pruning, stage.trial == nil,
        !stage.name.contains("/")
      else { return nil }
      return "\(stage.name): "
        + RecipeText.words(pruning.criterion).joined(separator: ", ")
    }
    return lines.isEmpty ? [] : [""] + lines
  }

  /// A number, or the fewest and the most.
  private static func epochs(of stage: PlannedStage) -> String {
    guard let epochs = stage.action.stage.epochs else { return "" }
    return Figures.range(epochs.lowerBound, epochs.upperBound) { "\($0)" }
  }

  /// What is known of a search before it runs.
  private static func search(_ stage: PlannedStage) -> [String] {
    guard case .search(let planned) = stage.action else { return [] }
    let search = planned.search
    var lines = ["", "\(stage.name) is a search; each trial is tested for \(planned.test)"]
    if case .trial(let first) = search.decision(after: []) {
      lines.append(
        "  the first keeps \(Figures.grouped(first.kept)) of \(Figures.count(first.from, "weight")), "
          + "none fewer than \(Figures.grouped(search.least))")
    } else {
      lines.append("  the limits admit no trial")
    }
    if let most = search.mostTrials(limit: CurveEnds.maximumRounds) {
      lines.append("  at most \(Figures.count(most, "trial"))")
    }
    return lines
  }

  /// What is known of a stage with a limit of milliseconds before it runs.
  private static func limit(_ stage: PlannedStage) -> [String] {
    guard let call = stage.callTime else { return [] }
    let samples = Figures.count(call.batch, "sample")
    return [
      "",
      "\(stage.name) keeps what a call of \(samples) does in \(call.milliseconds) milliseconds; "
        + "what layers take is measured when it runs, once",
    ]
  }

  /// The counts of a prune stage's layers, or, where they follow from what is measured, the bounds
  /// between which they lie.
  private static func layers(_ stage: PlannedStage, of plan: Plan) -> String {
    guard stage.kind == .prune else { return "" }
    let counts = zip(plan.architecture.layerNames, stage.bounds).map { name, bounds in
      "\(name) " + Figures.range(bounds.lowerBound, bounds.upperBound) { Figures.grouped($0) }
    }
    return counts.joined(separator: ", ")
  }
}
