import NeuralNetworks
import Reports

/// The table of a run: a row a stage.
package enum StageTable {
  /// The lines for `status`; while a stage is open, a column says how far each is. Counts of open
  /// stages are those they will end with.
  package static func lines(of status: RunStatus) -> [String] {
    let isRegression = status.stages.contains { stage in
      stage.record?.metrics.contains { $0.metrics.accuracy == nil } ?? false
    }
    let showsState = status.hasOpenStages
    let showsVerdict = status.stages.contains { $0.record?.verdict != nil }
    var table = TextTable(
      [("stage", .left)] + (showsState ? [("status", .left)] : []) + [
        ("sparsity", .right), ("weights", .right), ("part", .left), ("loss", .right),
        (isRegression ? "r²" : "accuracy", .right), ("bytes", .right), ("seconds", .right),
      ] + (showsVerdict ? [("holds", .left)] : []))
    for stage in status.stages {
      let record = stage.record
      let part = record?.metrics.first
      let bytes = record?.bytes ?? record?.files.first?.bytes
      table.add(
        [stage.name] + (showsState ? [stage.state.rawValue] : []) + [
          (record?.sparsity ?? stage.sparsity).map { Figures.percent($0, 2) } ?? "",
          (record?.weights ?? stage.weights).map(Figures.grouped) ?? "", part?.part ?? "",
          part.map { Figures.loss($0.metrics.loss) } ?? "", part.map { quality($0.metrics) } ?? "",
          bytes.map(Figures.grouped) ?? "",
          record.map { Figures.fixed($0.wallClockSeconds, 2) } ?? "",
        ] + (showsVerdict ? [record?.verdict.map { $0.holds ? "yes" : "no" } ?? ""] : []))
    }
    return table.lines
  }

  private static func quality(_ metrics: Metrics) -> String {
    if let accuracy = metrics.accuracy { return Figures.percent(accuracy, 2) }
    return metrics.r2.map { Figures.fixed($0, 4) } ?? "–"
  }
}
