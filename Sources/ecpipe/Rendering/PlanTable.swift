import Pipeline

/// The table of a plan: a row a stage, with the weights that it will leave.
package enum PlanTable {
  /// The lines for `plan`, below one that names the network.
  package static func lines(of plan: Plan) -> [String] {
    var table = TextTable([
      ("stage", .left), ("epochs", .right), ("sparsity", .right), ("weights", .right),
      ("layers", .left),
    ])
    for stage in plan.stages {
      table.add([
        stage.name, stage.epochs.map(String.init) ?? "", Figures.percent(stage.sparsity, 2),
        Figures.grouped(stage.weights), layers(stage, of: plan),
      ])
    }
    let widths = plan.architecture.widths.map(String.init).joined(separator: "-")
    let weights = Figures.grouped(plan.architecture.weightCount)
    let samples = Figures.grouped(plan.facts.trainingSamples)
    return ["\(plan.name): \(widths), \(weights) weights, \(samples) training samples", ""]
      + table.lines
  }

  /// The counts of a prune stage's layers, or that they follow from the importances.
  private static func layers(_ stage: PlannedStage, of plan: Plan) -> String {
    guard stage.kind == .prune else { return "" }
    guard let counts = plan.layerCounts(of: stage) else { return "by importance" }
    return counts.map { "\($0.name) \(Figures.grouped($0.weights))" }.joined(separator: ", ")
  }
}
