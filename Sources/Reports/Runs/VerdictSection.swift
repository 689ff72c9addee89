import NeuralNetworks
import Runs
import Storage

/// How small, how good, and against what: the beginning of a report.
struct VerdictSection {
  let report: RunReport

  var section: Page.Section {
    Page.Section(
      id: "verdict", heading: "Verdict", paragraphs: [sentence],
      blocks: [.tiles(tiles)])
  }

  /// Weights that are left, and all that the run began with.
  var weights: (left: Int, all: Int) {
    (report.last?.record.weights ?? report.weightCount, report.weightCount)
  }

  /// What is known of the network against the dense one: the part that both were measured on, both metrics,
  /// and the comparison sample by sample where there is one.
  struct Quality {
    let part: String
    let now: Metrics
    let dense: Metrics?
    let comparison: DenseComparison?
  }

  var quality: Quality? {
    if let found = report.evaluation, let part = found.metrics,
      let evaluation = found.record.evaluation, found.record.weights == weights.left
    {
      let dense = evaluation.against?.metrics ?? earlier(on: part.part)
      return Quality(
        part: part.part, now: part.metrics, dense: dense, comparison: evaluation.against)
    }
    guard let last = report.last?.metrics else { return nil }
    let dense = report.dense?.metrics.flatMap { $0.part == last.part ? $0.metrics : nil }
    let isDense = report.last?.role == .dense
    return Quality(
      part: last.part, now: last.metrics, dense: isDense ? nil : dense, comparison: nil)
  }

  /// What a measurement before the first pruning has found.
  private func earlier(on part: String) -> Metrics? {
    guard let dense = report.dense, report.last?.role != .dense else { return nil }
    return report.finished.last {
      $0.role == .leaf && $0.record.parent == dense.record.key && $0.metrics?.part == part
    }?.metrics?.metrics
  }

  /// The share of weights that are left.
  private var density: Double { Double(weights.left) / Double(max(weights.all, 1)) }

  /// How small and how good, against the dense network: a sentence or three.
  var sentence: String {
    guard report.last != nil else { return "No stage is finished yet." }
    let all = NumberText.grouped(weights.all)
    let isWhole = weights.left == weights.all
    let count =
      isWhole
      ? "All \(all) weights are still there."
      : "\(NumberText.grouped(weights.left)) of \(all) weights are left "
        + "(\(NumberText.fixed(100 * density, 2)) %)."
    guard let quality else { return count }
    let head = isWhole ? "No weight is gone" : "\(factor) times fewer weights"
    if let verdict = verdicts.first {
      let worse = verdicts.dropFirst().first { $0.isClearlyWorse && verdict.outcome != .worse }
      return "\(head), and \(Self.words(verdict)): on the \(quality.part) part \(verdict)"
        + (worse.map { "; \($0), which is clearly worse" } ?? "") + ". " + count + caveats
        + training
    }
    let start =
      "\(head): on the \(quality.part) part the \(report.measure.word) is "
      + report.measure.text(quality.now)
    guard let dense = quality.dense else { return "\(start). \(count)\(caveats)" }
    return
      "\(start), that of the dense network \(report.measure.text(dense)); no measurement compares them "
      + "sample by sample, so there is no interval. \(count)\(caveats)\(training)"
  }

  /// By accuracy and the loss, of numbers by the loss; none where nothing was compared sample by sample.
  private var verdicts: [DenseVerdict] {
    guard let quality, let comparison = quality.comparison else { return [] }
    return DenseVerdict.all(quality.now, comparison)
  }

  private static func words(_ verdict: DenseVerdict) -> String {
    switch verdict.outcome {
    case .better: "better than the dense network"
    case .asGood:
      if !verdict.change.hasInterval {
        "not shown to differ from the dense network"
      } else if verdict.mayBeClearlyWorse {
        "not shown to differ from the dense network (the interval leaves room for being clearly worse)"
      } else {
        "as good as the dense network within the interval"
      }
    case .worse:
      "worse than the dense network by \(verdict.amount.drop { "+−".contains($0) }) of the "
        + verdict.measure.rawValue
    }
  }

  /// What makes the comparison worth little, each as a sentence behind a blank.
  private var caveats: String {
    [chance, report.denseWasLearning ? "The dense network had not finished learning." : nil]
      .compactMap { $0 }.map { " " + $0 }.joined()
  }

  /// That a network has learnt nothing, where its answers are no better than the same one for every sample.
  private var chance: String? {
    guard let quality, let now = isNoBetter(quality.now), now else { return nil }
    let best = report.isRegression ? "the mean of the targets" : "always saying the largest class"
    guard let dense = quality.dense else { return "It is no better than \(best)." }
    return isNoBetter(dense) == true
      ? "Neither network is better than \(best)." : "The pruned one is no better than \(best)."
  }

  /// Whether r² is below 0, or the accuracy not above the share of the largest class among the samples that were
  /// measured; nil where that is not known.
  private func isNoBetter(_ metrics: Metrics) -> Bool? {
    if report.isRegression { return metrics.r2.map { $0 < 0 } }
    guard let accuracy = metrics.accuracy, let measured = report.evaluation,
      measured.metrics?.part == quality?.part, let evaluation = measured.record.evaluation,
      let largest = evaluation.classes?.actual.max(), evaluation.samples > 0
    else { return nil }
    // An accuracy is a share of the same samples, so a rounded count tells it exactly.
    return (accuracy * Double(evaluation.samples)).rounded() <= Double(largest)
  }

  /// How long both have trained, where that is not the same.
  private var training: String {
    guard let epochs, epochs.now != epochs.dense else { return "" }
    return " The dense network has trained for \(counted(epochs.dense, "epoch")), this one for "
      + "\(NumberText.grouped(epochs.now))."
  }

  /// The epochs of training of the network as it is now, and of the dense one; nil where the run began with a
  /// network whose training is not known.
  private var epochs: (now: Int, dense: Int)? {
    guard let dense = report.dense, let last = report.last, last.role != .dense else { return nil }
    return (report.epochs(until: last), report.epochs(until: dense))
  }

  private var factor: String {
    NumberText.significant(Double(weights.all) / Double(max(weights.left, 1)), 3)
  }

  /// The change against the dense network, with its interval: "+0.37 points (95 % interval −1.1 to 1.9)".
  static func interval(_ comparison: DenseComparison?) -> String? {
    if let change = comparison?.accuracy {
      return "\(change.hundredths) points of accuracy (\(change.interval))"
    }
    return comparison?.loss.map { "\($0.hundredths) % of the loss (\($0.interval))" }
  }

  // MARK: Tiles

  private var tiles: [Page.Tile] {
    var tiles = [
      Page.Tile(
        term: "Weights left", value: NumberText.grouped(weights.left),
        detail: "of \(NumberText.grouped(weights.all)), \(NumberText.fixed(100 * density, 2)) %")
    ]
    if let quality {
      tiles.append(
        Page.Tile(
          term: "\(report.measure.word.capitalizedFirst), \(quality.part) part",
          value: report.measure.text(quality.now),
          detail: quality.dense.map { "dense \(report.measure.text($0))" + trained }))
      tiles.append(
        Page.Tile(
          term: "Loss (\(report.status.loss)), \(quality.part) part",
          value: NumberText.significant(quality.now.loss, 4),
          detail: quality.dense.map { "dense \(NumberText.significant($0.loss, 4))" + trained }))
      if let tile = change(quality.comparison) { tiles.append(tile) }
    }
    if let sizes = report.sizes, let pruned = sizes.variant(.pruned),
      let dense = sizes.variant(.dense)
    {
      if let bytes = pruned.bytes("checkpoint") {
        tiles.append(
          Page.Tile(
            term: "Bytes as checkpoint", value: NumberText.grouped(bytes),
            detail: dense.bytes("checkpoint").map { "dense \(NumberText.grouped($0))" }))
      }
    } else if let bytes = report.last?.record.bytes {
      tiles.append(
        Page.Tile(
          term: "Bytes as checkpoint", value: NumberText.grouped(bytes),
          detail: report.dense?.record.bytes.map { "dense \(NumberText.grouped($0))" }))
    }
    let seconds = report.finished.reduce(0) { $0 + $1.record.wallClockSeconds }
    tiles.append(
      Page.Tile(
        term: "Time of all stages", value: NumberText.duration(seconds),
        detail: "\(report.finished.count) of \(report.plan.stages.count) stages"))
    return tiles
  }

  /// What stands beside a figure of the dense network: "after 30 epochs, this after 102".
  private var trained: String {
    guard let epochs, epochs.now != epochs.dense else { return "" }
    return " after \(counted(epochs.dense, "epoch")), this after \(NumberText.grouped(epochs.now))"
  }

  private func change(_ comparison: DenseComparison?) -> Page.Tile? {
    guard let comparison else { return nil }
    if let change = comparison.accuracy {
      return Page.Tile(
        term: "Change of accuracy", value: change.hundredths + " points",
        detail: "\(change.interval); \(comparison.lost ?? 0) samples lost, "
          + "\(comparison.gained ?? 0) gained")
    }
    return comparison.loss.map { change in
      Page.Tile(
        term: "Change of the loss", value: change.hundredths + " %",
        detail: change.interval)
    }
  }

  /// The verdict for programs.
  var json: JSONValue {
    let quality = quality
    var json: JSONValue = [
      "weights": JSONValue(weights.left), "weights_before": JSONValue(weights.all),
      "sparsity": JSONValue(1 - density), "part": JSONValue(quality?.part),
      "metrics": quality?.now.json ?? .null, "dense": quality?.dense?.json ?? .null,
      "sentence": .string(sentence), "outcome": JSONValue(verdicts.first?.outcome.rawValue),
      "measure": JSONValue(verdicts.first?.measure.rawValue), "epochs": JSONValue(epochs?.now),
      "dense_epochs": JSONValue(epochs?.dense),
    ]
    json["change"] =
      report.evaluation?.record.evaluation.flatMap { evaluation in
        quality?.comparison == nil ? nil : evaluation.json["against"]
      } ?? .null
    return json
  }
}

extension ModelSizes {
  /// What one form of the model takes.
  package func variant(_ form: Form) -> Variant? { variants.first { $0.form == form } }
}

extension ModelSizes.Variant {
  /// In the form `form` of a file.
  func bytes(_ form: String) -> Int? { footprints.first { $0.form == form }?.bytes }
}

extension String {
  /// The same with a capital first letter.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension NumberText {
  /// A time for people: seconds, minutes or hours.
  static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<10: fixed(seconds, 2) + " s"
    case ..<120: fixed(seconds, 0) + " s"
    case ..<7200: fixed(seconds / 60, 1) + " min"
    default: fixed(seconds / 3600, 1) + " h"
    }
  }
}
