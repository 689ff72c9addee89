import NeuralNetworks
import Reports

/// The table of a run: a row a stage.
package enum StageTable {
  /// The lines for `status`; while a stage is open, a column says how far each is. Counts of open
  /// stages are those they will end with.
  ///
  /// - Parameters:
  ///   - width: cells that a line of the table may have; nil for as many as it takes.
  ///   - foldsRounds: whether of many rounds only the first and the last have rows, since a line of each has
  ///     been shown.
  package static func lines(
    of status: RunStatus, width: Int? = nil, foldsRounds: Bool = false
  ) -> [String] {
    let showsState = status.hasOpenStages
    let quality = columns(of: status)
    let showsVerdict = status.stages.contains { $0.record?.verdict != nil }
    var table = TextTable(
      [("stage", .left)] + (showsState ? [("status", .left)] : []) + [
        ("sparsity", .right), ("weights", .right), ("part", .left),
        ("loss (\(status.loss))", .right),
      ] + quality.map { ($0, .right) } + [("bytes", .right), ("seconds", .right)]
        + (showsVerdict ? [("holds", .left)] : []))
    let folded = foldsRounds ? foldedRounds(of: status.stages.map(\.name)) : [:]
    for stage in status.stages {
      if let words = folded[stage.name] {
        if !words.isEmpty { table.add([words] + Array(repeating: "", count: table.columns - 1)) }
        continue
      }
      let record = stage.record
      let part = record?.metrics.first
      let bytes = record?.bytes ?? record?.files.first?.bytes
      table.add(
        [stage.name] + (showsState ? [stage.state.rawValue] : []) + [
          (record?.sparsity ?? stage.sparsity).map { Figures.percent($0, 2) } ?? "",
          (record?.weights ?? stage.weights).map(Figures.grouped) ?? "", part?.part ?? "",
          part.map { Figures.loss($0.metrics.loss) } ?? "",
        ] + quality.map { column in part.map { figure(column, $0.metrics) } ?? "" } + [
          bytes.map(Figures.grouped) ?? "",
          record.map { Figures.fixed($0.wallClockSeconds, 2) } ?? "",
        ] + (showsVerdict ? [record?.verdict.map { $0.holds ? "yes" : "no" } ?? ""] : []))
    }
    return table.lines(width: width) + original(of: status) + targets(of: status)
  }

  private static func columns(of status: RunStatus) -> [String] {
    if !status.isRegression { return ["accuracy"] }
    return status.hasSeveralTargets ? ["nrmse", "r²"] : ["rmse", "mae", "r²"]
  }

  /// The figure that the column called `column` has of `metrics`.
  private static func figure(_ column: String, _ metrics: Metrics) -> String {
    switch column {
    case "accuracy": metrics.accuracy.map { Figures.percent($0, 2) } ?? "–"
    case "rmse": MetricsText.figure(metrics.rmse)
    case "mae": MetricsText.figure(metrics.mae)
    case "nrmse": MetricsText.figure(metrics.nrmse)
    default: metrics.r2.map(Figures.rSquared) ?? "–"
    }
  }

  /// From what sparsities count, where the run began with a network that was shrunk before.
  private static func original(of status: RunStatus) -> [String] {
    guard status.originalTotal != status.total else { return [] }
    let left = status.stages.last { $0.record != nil }?.record?.weights
    let share = left.map { left in
      ", of which \(Figures.percent(1 - Double(left) / Double(status.originalTotal), 2)) are gone"
    }
    return [
      "",
      "sparsity counts from the \(Figures.count(status.total, "weight")) that the run began with; before it was "
        + "shrunk the network had \(Figures.grouped(status.originalTotal))\(share ?? "")",
    ]
  }

  /// The last measured stage, target by target, where there are several.
  private static func targets(of status: RunStatus) -> [String] {
    guard let stage = status.stages.last(where: { $0.record?.metrics.isEmpty == false }),
      let part = stage.record?.metrics.first, part.metrics.targets.count > 1
    else { return [] }
    let text = MetricsText(part.metrics, loss: status.loss)
    return [
      "",
      "nrmse and r² are over all targets, each in its own standard deviations (nrmse 0 is without error, 1 no "
        + "better than the means); of \(stage.name), \(part.part) part:",
    ] + text.targets.map { "  " + $0 }
  }
}
