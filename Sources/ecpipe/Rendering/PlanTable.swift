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

  /// The counts of a prune stage's layers, or, where they follow from what is measured, the bounds
  /// between which they lie.
  private static func layers(_ stage: PlannedStage, of plan: Plan) -> String {
    guard stage.kind == .prune else { return "" }
    let counts = zip(plan.architecture.layerNames, stage.bounds).map { name, bounds in
      let fewest = Figures.grouped(bounds.lowerBound)
      let most = Figures.grouped(bounds.upperBound)
      return "\(name) " + (fewest == most ? fewest : "\(fewest)–\(most)")
    }
    return counts.joined(separator: ", ")
  }
}
