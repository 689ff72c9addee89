import NeuralNetworks
import Pipeline

/// The table of a run: a row a stage.
enum StageTable {
  static func lines(of status: RunStatus) -> [String] {
    let isRegression = status.stages.contains { stage in
      stage.record?.metrics.contains { $0.metrics.accuracy == nil } ?? false
    }
    var table = TextTable([
      ("stage", .left), ("sparsity", .right), ("weights", .right), ("part", .left),
      ("loss", .right), (isRegression ? "r²" : "accuracy", .right), ("bytes", .right),
      ("seconds", .right),
    ])
    for stage in status.stages {
      let part = stage.record?.metrics.first
      table.add([
        stage.name, Figures.percent(stage.record?.sparsity ?? stage.sparsity, 2),
        Figures.grouped(stage.record?.weights ?? stage.weights),
        part?.part ?? stage.state.rawValue, part.map { Figures.loss($0.metrics.loss) } ?? "",
        part.map { quality($0.metrics) } ?? "",
        stage.record?.bytes.map(Figures.grouped) ?? "",
        stage.record.map { Figures.fixed($0.wallClockSeconds, 2) } ?? "",
      ])
    }
    return table.lines
  }

  private static func quality(_ metrics: Metrics) -> String {
    if let accuracy = metrics.accuracy { return Figures.percent(accuracy, 2) }
    return metrics.r2.map { Figures.fixed($0, 4) } ?? "–"
  }
}
