import Datasets
import Storage

/// When tonight's network replaces the one in service: it has to be good enough, small and fast enough,
/// and not worse than the champion on the same rows, as a paired test says.
///
///     promote: {metric: accuracy, part: test, floor: 0.93, not_worse_by: 0.002, confidence: 0.95,
///               max_bytes: 200k, max_milliseconds: 2, min_rows: 500}
package struct PromotionSettings: Sendable, Equatable {
  /// What networks are compared by.
  package enum Metric: String, Sendable, CaseIterable {
    /// The share of rows whose class is right; more is better.
    case accuracy
    /// The mean loss of the schedule; less is better.
    case loss
    /// Root of the mean squared error of one target in original units; less is better.
    case rmse
    /// Root of the mean squared error of all targets, each in its standard deviations; less is better.
    case nrmse
    /// Mean absolute error of one target in original units; less is better.
    case mae

    /// Whether a larger value is better.
    package var isBetterAbove: Bool { self == .accuracy }
    /// Whether it is the root of a mean of squares.
    package var isRoot: Bool { self == .rmse || self == .nrmse }
    /// Whether it is in the units of the target, so that there can be only one.
    package var isOfOneTarget: Bool { self == .rmse || self == .mae }
  }

  package let metric: Metric
  /// Whether the schedule states it.
  package let isMetricStated: Bool
  /// The part that is measured; test unless stated.
  package let part: DataPartName
  /// The worst that is good enough: the least accuracy, the largest loss or error; nil for any.
  package let floor: Double?
  /// By how much it may be worse than the champion, or, where there is none and no floor, than it was before
  /// pruning: an absolute share of the rows for accuracy, a share of
  /// the champion's for the others.
  package let notWorseBy: Double
  /// How many times its error when it was promoted the champion's may be on tonight's rows; nil for any.
  package let championFalls: Double?
  /// Of the one-sided bound, in (0, 1).
  package let confidence: Double
  /// The largest checkpoint; nil for any.
  package let maxBytes: Int?
  /// The longest time of one row at batch 1; nil for any.
  package let maxMilliseconds: Double?
  /// Fewer rows decide nothing.
  package let minRows: Int

  /// What `championFalls` is unless stated.
  package static let standardFall = 2.0

  package init(
    metric: Metric, isMetricStated: Bool = true, part: DataPartName = .test, floor: Double? = nil,
    notWorseBy: Double,
    championFalls: Double? = standardFall, confidence: Double = 0.95, maxBytes: Int? = nil,
    maxMilliseconds: Double? = nil,
    minRows: Int = 500
  ) {
    self.metric = metric
    self.isMetricStated = isMetricStated
    self.part = part
    self.floor = floor
    self.notWorseBy = notWorseBy
    self.championFalls = championFalls
    self.confidence = confidence
    self.maxBytes = maxBytes
    self.maxMilliseconds = maxMilliseconds
    self.minRows = minRows
  }

  /// What holds unless something else is stated.
  package static func standard(for task: LearningTask) -> PromotionSettings {
    PromotionSettings(
      metric: task == .classification ? .accuracy : .rmse, isMetricStated: false,
      notWorseBy: task == .classification ? 0.01 : 0.05)
  }

  package static func block(in context: StageContext) -> Block<PromotionSettings> {
    let standard = standard(for: context.task ?? .classification)
    let metric: Part<PromotionSettings, Metric?> = .optional(
      "metric", { $0.isMetricStated ? $0.metric : nil }, .word("metric"),
      absent: "accuracy; for regression rmse, for several targets nrmse", changesResult: false,
      "What networks are compared by. rmse and mae are in the units of the target, so there can be only one. nrmse is "
        + "the rmse over all targets, each in its own standard deviations on the rows of `part`: 0 is without error, "
        + "1 is no better than the means.")
    let margin: Part<PromotionSettings, Double?> = .optional(
      "not_worse_by", \.notWorseBy, .number(.belowOne),
      absent: "0.01 of the rows for accuracy, 0.05 of the champion's for the others",
      changesResult: false,
      "By how much tonight's network may be worse than the champion. Where nothing is in service and no `floor` is "
        + "stated, a network that is worse by more than this than it was before pruning, as the lower bound at "
        + "`confidence` says, is refused.")
    let part: Part<PromotionSettings, DataPartName> = .setting(
      "part", \.part, .word("part"), default: .test, changesResult: false,
      "The part that both are measured on; neither is trained on it.")
    let floor: Part<PromotionSettings, Double?> = .optional(
      "floor", \.floor, .number(.notNegative), absent: "any", changesResult: false,
      "The worst that is good enough: the least accuracy, the largest loss or error. Where it is stated, a first "
        + "network is promoted by it even where it is not shown to be better than a constant answer, or is clearly "
        + "worse than before pruning, with a warning."
    )
    let falls: Part<PromotionSettings, Double?> = .setting(
      "champion_falls", \.championFalls, Form.number(.positive).or("any", as: "any"),
      default: standard.championFalls, changesResult: false,
      "How many times as large as when it was promoted the error of the network in service may be on tonight's "
        + "rows, the share of wrong rows for accuracy. Beyond that, and beyond what chance explains at "
        + "`confidence`, the data have changed or are wrong, and tonight's network is refused.")
    let confidence: Part<PromotionSettings, Double> = .setting(
      "confidence", \.confidence, .number(.openUnit), default: standard.confidence,
      changesResult: false,
      "Of the one-sided bound of how much worse it is, which has to be within `not_worse_by`.")
    let bytes: Part<PromotionSettings, Int?> = .optional(
      "max_bytes", \.maxBytes, .bytes(), absent: "any", changesResult: false,
      examples: ["200k", "2M"], "The largest checkpoint.")
    let milliseconds: Part<PromotionSettings, Double?> = .optional(
      "max_milliseconds", \.maxMilliseconds, .number(.positive), absent: "any",
      changesResult: false, "The longest time of one row at batch 1, on this machine.")
    let rows: Part<PromotionSettings, Int> = .setting(
      "min_rows", \.minRows, .integer(1...Int.max), default: standard.minRows,
      changesResult: false, "Fewer rows decide nothing: the champion stays.")
    return Block(
      "promote", "When tonight's network replaces the one in service.",
      metric, part, floor, margin, falls, confidence, bytes, milliseconds, rows,
      check: { keys, metric, part, floor, _, _, _, _, _, _ in
        check(keys, context, (metric ?? nil) ?? standard.metric, part, floor ?? nil)
      },
      make: {
        metric, part, floor, margin, falls, confidence, bytes, milliseconds, rows
          -> PromotionSettings? in
        let used = metric ?? standard.metric
        let usual = PromotionSettings.standard(
          for: used == .accuracy ? .classification : .regression)
        return PromotionSettings(
          metric: used, isMetricStated: metric != nil, part: part, floor: floor,
          notWorseBy: margin ?? usual.notWorseBy,
          championFalls: falls, confidence: confidence, maxBytes: bytes,
          maxMilliseconds: milliseconds, minRows: rows)
      })
  }

  private static func check(
    _ keys: KeyedFields, _ context: StageContext, _ metric: Metric?, _ part: DataPartName?,
    _ floor: Double?
  ) {
    let isClassification = context.task.map { $0 == .classification }
    switch metric {
    case .accuracy where isClassification == false:
      (keys["metric"] ?? keys.field).report(
        RelationFault.notForTask("accuracy", task: "regression"))
    case .rmse where isClassification == true, .nrmse where isClassification == true,
      .mae where isClassification == true:
      (keys["metric"] ?? keys.field).report(
        RelationFault.notForTask(metric?.rawValue ?? "", task: "classification"))
    default: break
    }
    if metric == .accuracy, let floor, floor > 1 {
      keys["floor"]?.report(.outOfRange("\(floor)", allowed: "numbers from 0 to 1"))
    }
    if part == .train {
      keys["part"]?.report(
        .outOfRange("train", allowed: "test or validation, which no network is trained on"))
    }
  }
}

extension PromotionSettings {
  /// The settings for networks with so many numeric targets: where no metric is stated, several are compared by
  /// `nrmse`.
  package func judging(targets: Int) -> PromotionSettings {
    guard targets > 1, metric == .rmse, !isMetricStated else { return self }
    return PromotionSettings(
      metric: .nrmse, isMetricStated: false, part: part, floor: floor, notWorseBy: notWorseBy,
      championFalls: championFalls, confidence: confidence, maxBytes: maxBytes,
      maxMilliseconds: maxMilliseconds, minRows: minRows)
  }

  /// Why so many numeric targets cannot be judged by the stated metric; nil where they can.
  package func obstacle(targets: Int) -> String? {
    guard targets > 1, metric.isOfOneTarget, isMetricStated else { return nil }
    return
      "nightly.promote.metric: \(metric.rawValue) is in the units of one target, and there are \(targets); write "
      + "metric: nrmse, which takes each target in its own standard deviations"
  }
}
