import NeuralNetworks
import Pruning
import Reports
import Runs
import Schedules
import Storage

/// What `prune` says of a pruning.
struct PruneReport {
  let outcome: ModelPruning.Outcome
  /// The files read and written.
  let model: String
  let output: String
  let importance: String?
  /// As it was given.
  let granularity: String
  /// Cells that a line of the table may have; nil for as many as it takes.
  var width: Int?

  private var report: PruningReport { outcome.report }
  private var settings: CriterionSettings { outcome.settings }
  private var total: Int { report.layers.reduce(0) { $0 + $1.weights } }
  /// From the network before units of it were left out.
  private var sparsity: Double { outcome.state.sparsity }

  // MARK: Collapse

  /// That pruning has ruined the network, as far as that can be seen, and what to try; nil where it has not.
  var warning: String? {
    guard let found = collapse else { return nil }
    return "\(found); try "
      + (remedies + ["fine-tuning by a schedule with model: {start: \(output)}"])
      .joined(separator: ", or ")
  }

  private var collapse: String? {
    guard let comparison = outcome.comparison else {
      return PruningCollapse.constantOutputs(of: outcome.state.network)
    }
    return comparison.collapse.map { "\($0) on \(comparison.source)\(against(comparison))" }
  }

  /// What could be better, apart from training.
  private var remedies: [String] {
    var remedies = ["a smaller sparsity (--to)"]
    if outcome.samples == 0 {
      remedies.append("samples to make up for it on (--data)")
    } else if settings.compensation != CriterionSettings.bestCompensation, outcome.canCompensate {
      remedies.append("--compensation \(CriterionSettings.bestCompensation.rawValue)")
    }
    if outcome.samples > 0, settings.steps < CriterionSettings.bestSteps, !granularity.contains(":")
    {
      remedies.append("more steps (--steps \(CriterionSettings.bestSteps))")
    }
    return remedies
  }

  private func against(_ comparison: PruningComparison) -> String {
    comparison.standard == .targets ? "" : ", against the answers before"
  }

  // MARK: Text

  var lines: [String] {
    var lines = [
      "\(output): \(Figures.grouped(report.remaining)) of "
        + "\(Figures.count(outcome.state.originalWeightCount, "weight")) left, "
        + "sparsity \(Figures.percent(sparsity, 2))",
      how,
    ]
    if outcome.state.original != nil {
      lines.append(
        "sparsity counts from the network before it was shrunk; \(model) came with "
          + Figures.count(total, "weight"))
    }
    if let compensation = report.compensation {
      let (errors, last) = (compensation.outputs, report.steps > 1 ? " in the last step" : "")
      let share = Figures.percent(abs(errors.saving), 1)
      lines.append(
        (errors.saving < 0
          ? "refitting the survivors leaves \(share) more squared output error than bias shifts alone "
            + "would\(last)"
          : "refitting the survivors saves \(share) of the squared output error that bias shifts alone "
            + "would leave\(last)")
          + ", and takes \(Figures.seconds(compensation.seconds)) of the time")
    }
    if let refinement = report.refinement { lines += refined(refinement) }
    lines += measured
    if let shrinking = outcome.shrinking, !shrinking.isEmpty {
      lines.append("the file leaves out what cannot matter: " + ShrinkReport.summary(shrinking))
    }
    return lines + layers
  }

  private func refined(_ refinement: RefinementReport) -> [String] {
    func change(_ change: RefinementReport.Change) -> String {
      "\(Figures.loss(change.before)) to \(Figures.loss(change.after))"
    }
    return [
      "refined toward \(refinement.target.rawValue) in \(Figures.count(refinement.steps, "step")) of "
        + "\(Figures.count(refinement.iterations, "iteration")), \(Figures.seconds(refinement.seconds))",
      "  objective \(change(refinement.fitted)), on the samples held out \(change(refinement.heldOut))",
    ]
  }

  private var how: String {
    let source =
      outcome.samples == 0
      ? "without data, by the weights alone"
      : "scored on \(Figures.count(outcome.samples, "sample"))"
    return (RecipeText.words(settings) + [source]).joined(separator: ", ")
  }

  private var measured: [String] {
    guard let comparison = outcome.comparison else {
      return ["not measured, so a collapse would not be seen: name samples with --data or --test"]
    }
    func lines(_ word: String, _ metrics: Metrics) -> [String] {
      let text = MetricsText(metrics, loss: comparison.lossName)
      return ["  \(word) " + text.line] + text.targets.map { "    " + $0 }
    }
    return ["on \(comparison.source)\(against(comparison)):"]
      + lines("before", comparison.before) + lines("after ", comparison.after)
  }

  private var layers: [String] {
    let showsUnits = granularity == "unit"
    var table = TextTable(
      [("layer", .left), ("weights left", .right), ("weights removed here", .right)]
        + (showsUnits ? [("whole units removed here", .right)] : []))
    for layer in report.layers {
      table.add(
        [layer.name, Figures.grouped(layer.remaining), Figures.grouped(layer.removed)]
          + (showsUnits ? [Figures.grouped(layer.units)] : []))
    }
    return table.lines(width: width)
  }

  // MARK: JSON

  /// The form of `prune --json`.
  var json: JSONValue {
    [
      "format": 1, "model": .string(model), "output": .string(output),
      "bytes": JSONValue(outcome.files.byteCount),
      "importance": JSONValue(importance),
      "criterion": .string(settings.criterion.rawValue),
      "metric": .string(settings.metric.rawValue),
      "compensation": .string(settings.compensation.rawValue),
      "granularity": .string(granularity), "steps": JSONValue(settings.steps),
      "samples": JSONValue(outcome.samples), "weights": JSONValue(report.remaining),
      "total": JSONValue(total), "removed": JSONValue(report.removed),
      "sparsity": JSONValue(sparsity),
      "original_total": JSONValue(outcome.state.originalWeightCount),
      "output_error": JSONValue(report.compensation?.outputs.refitted),
      "output_error_saved": JSONValue(report.compensation?.outputs.saving),
      "compensation_seconds": JSONValue(report.compensation?.seconds),
      "refinement": report.refinement?.json ?? .null,
      "measured": outcome.comparison.map(json) ?? .null,
      "shrinking": outcome.shrinking?.json ?? .null,
      "notes": JSONValue(outcome.notices.map { .string($0.text) }), "warning": JSONValue(warning),
      "layers": .array(
        report.layers.map { layer in
          [
            "name": .string(layer.name), "weights": JSONValue(layer.remaining),
            "total": JSONValue(layer.weights), "removed": JSONValue(layer.removed),
            "removed_units": JSONValue(layer.units),
            "largest_removed_importance": JSONValue(
              layer.largestRemovedImportance.map(Double.init)),
          ]
        }),
    ]
  }

  private func json(_ comparison: PruningComparison) -> JSONValue {
    [
      "data": .string(comparison.source), "loss": .string(comparison.lossName),
      "against": comparison.standard == .targets ? "targets" : "answers before",
      "before": comparison.before.json, "after": comparison.after.json,
    ]
  }
}
