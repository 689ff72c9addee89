import Schedules
import Storage

/// How values of a metric are said: accuracies as percentages, their differences in points; of the others the
/// values as they are, and differences as a share of the champion's.
struct MetricText {
  let metric: PromotionSettings.Metric

  /// A value.
  func value(_ value: Double) -> String {
    metric == .accuracy ? number(100 * value) + " %" : number(value)
  }

  /// How much worse something is.
  func margin(_ margin: Double) -> String {
    let text = number(100 * margin)
    return text + (metric != .accuracy ? " %" : text == "1" ? " point" : " points")
  }

  private func number(_ value: Double) -> String { NumberText.significant(value, 4) }
}
