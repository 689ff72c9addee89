import Datasets
import Storage

/// Jobs of every night, and studies.
extension Draft {
  private static let nightlyTest = 0.3
  private static let nightlyValidation = 0.15

  func addNightly(to lines: inout DraftLines) {
    lines.add()
    table.addData(
      to: &lines,
      split: "{validation: \(Self.nightlyValidation), test: \(Self.nightlyTest), by: content}",
      "a row stays on its side whatever rows come, so no network is judged by rows that it, or the "
        + "one in service, was trained on", takesNewTexts: true)
    addModel(to: &lines, hasValidation: true)
    lines.add()
    lines.add("stages:")
    lines.add("  - train: {epochs: \(network.epochs)}")
    addPruning(to: &lines)
    lines.add()
    lines.add("nightly:")
    lines.add("  start: champion", "the network in service; challenger or cold")
    lines.add("  cold_start_every: 7", "every seventh night begins anew")
    addPromotion(to: &lines)
    let train = rows(1 - Self.nightlyValidation - Self.nightlyTest)
    let least = max(1, (train ?? 600) / 2)
    lines.add(
      "  guard: {psi: 0.25, rows_drop: 0.5, min_rows: \(least), action: stop}",
      train == nil ? "<- min_rows" : "half the rows there are to train on now")
    lines.add("  keep: {last: 7, weekly: 4}")
    lines.add(
      "  exports: [\(YAMLText.quoted(name + ".safetensors"))]",
      "beside the network in service: checkpoints/\(name)/champion/exports/")
  }

  private func addPromotion(to lines: inout DraftLines) {
    lines.add("  promote:")
    switch table.task {
    case .classification:
      lines.add("    metric: accuracy", table.guess == nil ? "<- for regression rmse or mae" : "")
      addAccuracyFloor(to: &lines)
      lines.add(
        "    not_worse_by: 0.03", "the bound of the paired test may not be beyond this")
    case .regression:
      if (table.guess?.target.columns.count ?? 1) > 1 {
        lines.add(
          "    metric: nrmse",
          "each target in its own standard deviations: 1 is no better than its mean")
      } else {
        lines.add("    metric: rmse", "or mae; in the units of the target")
      }
      addErrorFloor(to: &lines)
    }
    lines.add("    part: test")
    lines.add("    confidence: 0.95")
    lines.add(
      "    champion_falls: 2",
      "an error of the network in service above twice the old one refuses the night")
    let least = min(100, max(1, (rows(Self.nightlyTest) ?? 200) / 2))
    lines.add("    min_rows: \(least)", "fewer decide nothing")
  }

  /// Suggests the least accuracy: that of the largest class alone, and a fifth of what it lacks.
  private func addAccuracyFloor(to lines: inout DraftLines) {
    let target = table.guess.map { $0.survey.columns[$0.target.columns[0]] }
    let counts = target.map { Array($0.values.values) } ?? []
    guard let largest = counts.max(), largest < counts.reduce(0, +) else {
      return lines.add("    # floor: 0.9", "worse than this is never promoted")
    }
    let share = Double(largest) / Double(counts.reduce(0, +))
    let floor = share + (1 - share) / 5
    lines.add(
      "    # floor: \(NumberText.significant(floor, 2))",
      "worse is never promoted; the largest class alone is \(NumberText.significant(share, 2))")
  }

  /// Suggests the largest error: nine tenths of what the mean of the target makes.
  private func addErrorFloor(to lines: inout DraftLines) {
    let targets = table.guess.map { guess in guess.target.columns.map { guess.survey.columns[$0] } }
    guard let targets, targets.count == 1, let deviation = targets[0].deviation, deviation > 0
    else {
      return lines.add("    # floor: 0.9", "a larger error is never promoted")
    }
    lines.add(
      "    # floor: \(NumberText.significant(0.9 * deviation, 2))",
      "a larger one is never promoted; the mean of the target makes "
        + NumberText.significant(deviation, 3))
  }

  func addStudy(to lines: inout DraftLines) {
    let network = network
    lines.add()
    table.addData(
      to: &lines, split: "{test: 0.3}", "what is compared on; the rest is for training")
    addModel(to: &lines, hasValidation: false)
    lines.add()
    lines.add("train: {epochs: \(network.epochs)}", "the dense networks, one a seed")
    lines.add(
      "finetune: {epochs: \(max(1, network.epochs / 3))}", "after every pruning")
    lines.add("seeds: 3", "how many, or which: weights, orders and draws differ")
    lines.add("ratios: [0.5, 0.8, 0.9, 0.95]", "the shares of all weights that are removed")
    lines.add(
      "criteria:",
      "the others are tested against the first; they are as published: in one step")
    lines.add(
      "  - {criterion: ec, steps: 18, compensation: least_squares, name: ec-18-steps}",
      "as ecpipe prune does")
    lines.add("  - {criterion: ec, name: ec-one-step}", "with bias shifts, as published")
    lines.add("  - obd")
    lines.add("  - magnitude")
    lines.add("  - random")
    lines.add("baselines: [unpruned]")
    lines.add()
    lines.add("quick:", "what holds in their place with --quick")
    lines.add("  train: {epochs: \(max(1, network.epochs / 5))}")
    lines.add("  finetune: {epochs: 1}")
    lines.add("  seeds: 2")
    lines.add("  ratios: [0.9]")
  }
}
