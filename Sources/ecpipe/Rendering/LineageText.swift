import Reports
import Storage

extension CheckpointLineage {
  /// The name of the loss that the run measures by, as the initial model's settings have it.
  var lossName: String {
    let loss = root?.settings["loss"]
    return loss?.stringValue ?? loss?.objectValue?.first?.name ?? "the run's"
  }

  /// The chain for a person: a paragraph a stage, from the checkpoint down to the root.
  var lines: [String] {
    var lines: [String] = []
    for step in steps {
      lines.append("\(step.stage ?? "unknown stage") (\(step.kind ?? "unknown kind"))")
      lines.append("  key       \(step.key)")
      if let weights = step.weights, let sparsity = step.sparsity {
        lines.append(
          "  weights   \(Figures.grouped(weights)), sparsity \(Figures.percent(sparsity, 2))")
      }
      for part in step.metrics {
        let text = MetricsText(part.metrics, loss: lossName).lines(of: part.part)
        lines += text.map { "  metrics   " + $0 }
      }
      lines.append("  settings  \(step.settings?.canonical ?? "unknown")")
      lines.append("  data      \(step.data ?? "unknown")")
      lines.append("  seed      \(step.seed ?? "unknown")")
      let state =
        step.file.map { step.isPresent ? $0 : "\($0), which is not there as it was written" }
        ?? "deleted by gc; it is computed again where it is needed"
      lines.append("  file      \(state)")
    }
    if let root {
      lines.append("initial model")
      lines.append("  key       \(root.key)")
      lines.append("  settings  \(root.settings.canonical)")
    } else if let missing {
      lines.append("goes on from \(missing), of which nothing is recorded beside this checkpoint")
    }
    return lines
  }
}
