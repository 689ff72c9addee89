import Runs
import Schedules
import Storage

/// Whether tonight's network replaces the one in service: a pure function of what both make of the same
/// rows, their sizes and the settings.
package struct PromotionRule: Sendable {
  /// What is found.
  package struct Ruling: Sendable, Equatable {
    package var outcome: Decision.Outcome
    /// Why, as a sentence without its period.
    package var reason: String
    package var comparison: Comparison
    /// With what was measured.
    package var challenger: Contender
    package var champion: Contender?
    /// What somebody should know though it is promoted, as a sentence; nil for nothing.
    package var warning: String?
  }

  /// Tonight's network before its first pruning, on the same rows.
  package struct Dense: Sendable, Equatable {
    /// Where it comes from: "stage train".
    package let origin: String
    package let scores: Scores

    package init(origin: String, scores: Scores) {
      self.origin = origin
      self.scores = scores
    }
  }

  /// What can be said of the same rows without having learnt anything.
  package struct Constant: Sendable, Equatable {
    /// What is said: "the class no in every row".
    package let words: String
    package let scores: Scores

    package init(words: String, scores: Scores) {
      self.words = words
      self.scores = scores
    }
  }

  let settings: PromotionSettings
  private let seed: UInt64

  /// - Parameter seed: of the rows that are drawn again for a bound.
  package init(_ settings: PromotionSettings, seed: UInt64) {
    self.settings = settings
    self.seed = seed
  }

  /// Rules on tonight's network.
  ///
  /// - Parameters:
  ///   - challenger: tonight's, with its scores.
  ///   - champion: the one in service with its scores on the same rows; nil where there is none.
  ///   - dense: what tonight's was before its first pruning, by which it is judged where there is no champion;
  ///     nil where it is not known.
  ///   - constant: the constant answer, which a network that no champion judges has to be better than; nil where it
  ///     is not known.
  package func ruling(
    on challenger: (contender: Contender, scores: Scores),
    against champion: (contender: Contender, scores: Scores)?, dense: Dense? = nil,
    constant: Constant? = nil
  ) -> Ruling {
    let rows = challenger.scores.rows
    var ruling = Ruling(
      outcome: .undecided, reason: "",
      comparison: Comparison(
        metric: settings.metric.rawValue, part: settings.part.rawValue, rows: rows,
        allowed: settings.notWorseBy, confidence: settings.confidence),
      challenger: challenger.contender, champion: champion?.contender)
    ruling.challenger.value = value(of: challenger.scores)
    ruling.champion?.value = champion.map { value(of: $0.scores) }
    func rule(_ outcome: Decision.Outcome, _ reason: String) -> Ruling {
      ruling.outcome = outcome
      ruling.reason = reason
      return ruling
    }
    guard rows >= settings.minRows else {
      return rule(
        .undecided,
        "not decided: \(counted(rows, "row is", "rows are")) too few; promote.min_rows is \(settings.minRows)"
      )
    }
    if let miss = miss(of: ruling.challenger) { return rule(.refused, miss) }
    guard let champion, let incumbent = ruling.champion else {
      return ruleOnFirst(ruling, challenger.scores, dense, constant)
    }
    if incumbent.sha256 == ruling.challenger.sha256 {
      return rule(.kept, "the same network as the champion")
    }
    ruling.comparison.worse = worse(champion.scores, challenger.scores)
    let bound = bound(champion.scores, challenger.scores)
    ruling.comparison.bound = bound
    let least = self.bound(champion.scores, champion.scores)
    // One that is clearly better needs fewer rows than one that is the same.
    guard bound <= settings.notWorseBy || least <= settings.notWorseBy else {
      return rule(
        .undecided,
        "not decided: \(rows) rows cannot show that a network is not worse by more than "
          + "\(said.margin(settings.notWorseBy)) (even for the same one the bound is "
          + "\(said.margin(least))); give more rows, or a larger promote.not_worse_by")
    }
    guard bound <= settings.notWorseBy else {
      return rule(
        .refused,
        refusal(of: ruling, bound))
    }
    // Where both hold, the smaller one wins; of two of one size that which has seen the newest data.
    let holds =
      miss(of: incumbent) == nil
      && self.bound(challenger.scores, champion.scores) <= settings.notWorseBy
    if holds, incumbent.weights < ruling.challenger.weights {
      return rule(
        .kept,
        "the champion is not worse, and smaller: \(incumbent.weights) weights against "
          + "\(ruling.challenger.weights)")
    }
    let found = "bound \(said.margin(bound)), allowed \(said.margin(settings.notWorseBy))"
    if holds {
      return rule(
        .promoted,
        "not worse than the champion (\(found)), with \(counted(ruling.challenger.weights, "weight")) against "
          + "\(incumbent.weights)")
    }
    if let miss = miss(of: incumbent) {
      return rule(
        .promoted, "not worse than the champion (\(found)), which does not serve any more: \(miss)")
    }
    return rule(.promoted, "better than the champion (\(found))")
  }

  /// Which of the stated limits `contender` does not keep; nil where it keeps all.
  private func miss(of contender: Contender) -> String? {
    let metric = settings.metric
    if let floor = settings.floor, let value = contender.value,
      metric.isBetterAbove ? value < floor : !(value <= floor)
    {
      return "its \(metric.rawValue) is \(said.value(value)), the floor is \(said.value(floor))"
    }
    if let value = contender.value, !value.isFinite {
      return "its \(metric.rawValue) is no number"
    }
    if let most = settings.maxBytes, contender.bytes > most {
      return "it has \(contender.bytes) bytes, max_bytes is \(most)"
    }
    if let most = settings.maxMilliseconds, let time = contender.milliseconds, time > most {
      return "a row takes \(text(time)) ms, max_milliseconds is \(most)"
    }
    return nil
  }

  /// Why one that may be worse by up to `bound` is refused: both figures, the rows, and what they can show.
  private func refusal(of ruling: Ruling, _ bound: Double) -> String {
    func value(_ contender: Contender?) -> String { said.value(contender?.value ?? .nan) }
    let (rows, allowed) = (ruling.comparison.rows, settings.notWorseBy)
    var text =
      "its \(settings.metric.rawValue) is \(value(ruling.challenger)) against the champion's "
      + "\(value(ruling.champion)) on \(counted(rows, "row")); it could be worse by up to \(said.margin(bound)) "
      + "(\(percent(settings.confidence)) bound), promote.not_worse_by allows \(said.margin(allowed))"
    if settings.metric == .accuracy { text += "; one row is \(said.margin(1 / Double(rows)))" }
    // The bound nears what was measured as the root of the rows grows.
    if let worse = ruling.comparison.worse, worse < allowed, bound.isFinite {
      let share = (bound - worse) / (allowed - worse)
      let needed = (Double(rows) * share * share).rounded(.up)
      if needed < 1e9 { text += "; about \(Int(needed)) rows like these would do" }
    }
    return text
  }

  var said: MetricText { MetricText(metric: settings.metric) }

  // MARK: Measures

  func value(of scores: Scores) -> Double {
    switch scores {
    case .hits(let hits): Double(hits.count { $0 }) / Double(hits.count)
    case .losses(let losses): bootstrap.value(of: losses)
    case .errors(let errors): bootstrap.value(of: terms(errors))
    }
  }

  /// How much worse the second is than the first.
  private func worse(_ first: Scores, _ second: Scores) -> Double {
    if case .hits = first { return value(of: first) - value(of: second) }
    let (before, after) = (value(of: first), value(of: second))
    return before > 0 ? after / before - 1 : after > 0 ? .infinity : 0
  }

  /// The one-sided bound of how much worse the second is.
  func bound(_ first: Scores, _ second: Scores) -> Double {
    let confidence = settings.confidence
    switch (first, second) {
    case (.hits(let first), .hits(let second)):
      let pairs = zip(first, second)
      return PairedProportions(
        samples: first.count, lost: pairs.count { $0 && !$1 }, gained: pairs.count { !$0 && $1 }
      ).upperBound(confidence: confidence)
    case (.losses(let first), .losses(let second)):
      return bootstrap.upperBound(
        champion: first, challenger: second, confidence: confidence)
    case (.errors(let first), .errors(let second)):
      return bootstrap.upperBound(
        champion: terms(first), challenger: terms(second), confidence: confidence)
    default: preconditionFailure("both are scored alike")
    }
  }

  /// The one-sided lower bound of how much worse the second is.
  func leastWorse(_ first: Scores, _ second: Scores) -> Double {
    let most = bound(second, first)
    if case .hits = first { return -most }
    return 1 / (1 + most) - 1
  }

  private var bootstrap: PairedBootstrap {
    PairedBootstrap(settings.metric.isRoot ? .root : .mean, seed: seed)
  }

  /// What the statistic of the metric is of.
  private func terms(_ errors: [Double]) -> [Double] {
    errors.map { settings.metric.isRoot ? $0 * $0 : abs($0) }
  }

  private func text(_ value: Double) -> String { NumberText.significant(value, 4) }

  func percent(_ share: Double) -> String {
    NumberText.significant(share * 100, 4) + " %"
  }
}
