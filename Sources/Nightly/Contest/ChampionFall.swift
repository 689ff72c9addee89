import Glibc
import Runs
import Schedules

/// The network in service does far worse on tonight's rows than on those by which it came into service: the
/// data have changed, or are wrong, and no network that is trained on them should replace it silently.
///
/// What is bounded is the ratio of its errors, tonight's over those of then: shares of wrong rows for accuracy,
/// the metric itself otherwise. It has fallen where even the lower bound of that ratio, at `confidence`, is above
/// `champion_falls`, so that neither chance nor a little drift is taken for it.
package struct ChampionFall: Sendable, Equatable {
  /// What was measured, on so many rows.
  package struct Measure: Sendable, Equatable {
    package let value: Double
    package let rows: Int

    package init(value: Double, rows: Int) {
      self.value = value
      self.rows = rows
    }
  }

  package let metric: PromotionSettings.Metric
  package let then: Measure
  package let now: Measure

  /// nil where it has not fallen by more than `settings` allow.
  ///
  /// - Parameters:
  ///   - then: when it was judged as a challenger.
  ///   - now: its value tonight.
  ///   - scores: what it makes of tonight's rows.
  package init?(_ settings: PromotionSettings, then: Measure, now: Double, scores: Scores) {
    guard let most = settings.championFalls else { return nil }
    metric = settings.metric
    self.then = then
    self.now = Measure(value: now, rows: scores.rows)
    let z = Quantile.normal(settings.confidence)
    guard let ratio = Self.leastRatio(then, self.now, scores, settings.metric, z), ratio > most
    else { return nil }
  }

  /// What is said of it.
  package var text: String {
    let text = MetricText(metric: metric)
    return
      "the network in service has fallen from \(metric.rawValue) \(text.value(then.value)) on \(then.rows) rows, "
      + "when it was judged, to \(text.value(now.value)) on tonight's \(now.rows): the data have changed, or "
      + "are wrong"
  }

  /// The one-sided lower bound of the ratio of the errors; nil where none was made then that could be compared.
  private static func leastRatio(
    _ then: Measure, _ now: Measure, _ scores: Scores, _ metric: PromotionSettings.Metric,
    _ z: Double
  ) -> Double? {
    switch scores {
    case .hits(let hits):
      // The log ratio of two proportions: Katz, Baptista, Azen and Pike, Biometrics 34, 1978, with half a row
      // added to each count, so that none is 0.
      let (after, before) = (
        Double(hits.count { !$0 }) + 0.5, ((1 - then.value) * Double(then.rows)).rounded() + 0.5
      )
      let (rows, rowsThen) = (Double(now.rows) + 0.5, Double(then.rows) + 0.5)
      let variance = 1 / after - 1 / rows + 1 / before - 1 / rowsThen
      return exp(log(after / rows / (before / rowsThen)) - z * max(0, variance).squareRoot())
    case .losses(let losses):
      return leastRatio(then, now, relativeError(losses, isRoot: false), z)
    case .errors(let errors):
      let terms = errors.map { metric.isRoot ? $0 * $0 : abs($0) }
      return leastRatio(then, now, relativeError(terms, isRoot: metric.isRoot), z)
    }
  }

  /// The rows of then are taken to scatter as tonight's do: what they were is not kept.
  private static func leastRatio(
    _ then: Measure, _ now: Measure, _ error: Double, _ z: Double
  ) -> Double? {
    guard then.value > 0, then.rows > 0 else { return nil }
    guard now.value.isFinite else { return .infinity }
    let variance = error * error * (1 + Double(now.rows) / Double(then.rows))
    return exp(log(now.value / then.value) - z * variance.squareRoot())
  }

  /// The standard error of the mean of `values`, or of its root, as a share of it.
  private static func relativeError(_ values: [Double], isRoot: Bool) -> Double {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    guard mean > 0 else { return 0 }
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1)
    let share = (square / count).squareRoot() / mean
    // The derivative of the root.
    return isRoot ? share / 2 : share
  }
}
