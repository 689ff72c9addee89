import Foundation
import TestSupport

/// The data and schedules that tests of whole commands share.
enum SmallRun {
  /// Three classes of flowers with text labels, a header and four columns of numbers, with five
  /// decimals.
  static func flowers(rows: Int = 60) -> String {
    let kinds = ["setosa", "versicolor", "virginica"]
    let values = flowerInputs(rows: rows)
    let lines = (0..<rows).map { row in
      values[row].map { text($0) }.joined(separator: ",") + "," + kinds[row % 3]
    }
    return "sepal length,sepal width,petal length,petal width,kind\n"
      + lines.joined(separator: "\n") + "\n"
  }

  /// The numbers in `flowers`, a row a flower.
  static func flowerInputs(rows: Int = 60) -> [[Float]] {
    var generator = SeededGenerator(seed: 11)
    return (0..<rows).map { row in
      let centre = Float(row % 3)
      return generator.floats(4, bound: 0.8).map { value in
        (((value + 4 + centre) * 10_000).rounded()) / 10_000
      }
    }
  }

  /// Two inputs and two targets, without a header.
  static func curve(rows: Int = 50) -> String {
    var generator = SeededGenerator(seed: 5)
    return (0..<rows).map { _ in
      let point = generator.floats(2)
      let targets = [100 + 20 * point[0] * point[1], 3 * point[0] - point[1]]
      return (point + targets).map { text($0) }.joined(separator: ",") + "\n"
    }.joined()
  }

  /// What makes the rounds of `schedule` a search, for `--set`.
  static let search =
    "stages[2].alternate={until: {validation: {accuracy_drop: 0.1}, confidence: 0.6}, rounds: 4, "
    + "sparsity: {to: 0.9, minimal_step: 0.2}, finetune: {epochs: {min: 1, max: 2, until: recovered}}}"

  /// A schedule for `flowers`: train, evaluate, and two rounds of pruning to half.
  static let schedule = """
    version: 1
    name: small
    seed: 3
    data:
      csv: flowers.csv
      label: kind
      task: classification
      split: {validation: 0.2, test: 0.2}
      scale: standard
    model:
      hidden: [8, 5]
      activation: tanh
    training:
      batch: 7
      loss: cross_entropy
      optimizer: {adam: {learning_rate: 0.02}}
    stages:
      - train: {epochs: 6}
      - evaluate: {part: test}
      - alternate:
          rounds: 2
          sparsity: {to: 0.5, curve: linear}
          prune: {criterion: ec, metric: fisher}
          budget: {policy: global}
          finetune: {epochs: 2}

    """

  /// A study for `flowers`: two ratios, two criteria.
  static func study(seeds: Int, baselines: String) -> String {
    """
    version: 1
    name: flowers
    data: {csv: flowers.csv, label: kind, task: classification, split: {test: 0.3}, scale: standard}
    model: {hidden: [8, 5], activation: tanh}
    training: {batch: 7, optimizer: {adam: {learning_rate: 0.02}}}
    train: {epochs: 4}
    finetune: {epochs: 2}
    seeds: \(seeds)
    ratios: [0.5, 0.8]
    criteria: [{criterion: ec, metric: output}, magnitude]
    baselines: [\(baselines)]
    """
  }

  /// Writes the flowers and their schedule.
  static func write(to place: Workplace) throws {
    try place.write(flowers(), to: "flowers.csv")
    try place.write(schedule, to: "small.yaml")
  }

  private static func text(_ value: Float) -> String { "\(value)" }
}
