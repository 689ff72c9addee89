import Schedules
import Storage

/// Networks that no champion judges.
extension PromotionRule {
  /// Rules on a network that keeps the limits where no champion judges it. It is promoted where it is better than
  /// the constant answer, and not clearly worse than it was before pruning; or where a stated floor says that it is
  /// good enough all the same, with a warning.
  func ruleOnFirst(
    _ found: Ruling, _ scores: Scores, _ dense: Dense?, _ constant: Constant?
  ) -> Ruling {
    var ruling = found
    ruling.comparison.dense = dense.map { value(of: $0.scores) }
    ruling.comparison.constant = constant.map { value(of: $0.scores) }
    let doubts = [
      constant.flatMap { doubt($0, scores, ruling) }, dense.flatMap { doubt($0, scores, ruling) },
    ].compactMap { $0 }
    ruling.outcome = .promoted
    if doubts.isEmpty {
      ruling.reason = "the first network, \(praise(ruling, constant))"
    } else if let floor = settings.floor {
      let kept = "it keeps promote.floor, \(said.value(floor))"
      ruling.reason =
        "the first network, promoted because \(kept), although "
        + doubts.map(\.summary).joined(separator: ", and ")
      ruling.warning =
        doubts.map(\.text).joined(separator: ". And ") + "; it is promoted because \(kept)"
    } else {
      ruling.outcome = .refused
      ruling.reason =
        "there is no network in service to compare it with, and "
        + doubts.map(\.text).joined(separator: ". And ")
        + "; \(doubts[0].advice), or state in promote.floor what is good enough"
    }
    return ruling
  }

  /// Why a network may not serve.
  private struct Doubt {
    let summary: String
    /// With the figures.
    let text: String
    /// What to do.
    let advice: String
  }

  private func praise(_ ruling: Ruling, _ constant: Constant?) -> String {
    guard let constant else { return "within the stated limits" }
    return
      "better than a constant answer: its \(settings.metric.rawValue) is \(figure(ruling.challenger.value)), "
      + "that of \(constant.words) \(figure(ruling.comparison.constant))"
  }

  /// What is said where it is not shown to be better than the constant answer.
  private func doubt(_ constant: Constant, _ scores: Scores, _ ruling: Ruling) -> Doubt? {
    let most = bound(constant.scores, scores)
    guard most >= 0 else { return nil }
    let summary = "it is not shown to be better than a constant answer"
    return Doubt(
      summary: summary,
      text:
        "\(summary): its \(settings.metric.rawValue) is \(figure(ruling.challenger.value)), that of "
        + "\(constant.words) \(figure(ruling.comparison.constant)) on the same "
        + "\(counted(ruling.comparison.rows, "row")); it could be worse by up to \(said.margin(most)) "
        + "(\(percent(settings.confidence)) bound)",
      advice: "look whether the columns tell anything of the target, train longer, give more rows")
  }

  /// What is said where it is clearly worse than before pruning.
  private func doubt(_ dense: Dense, _ scores: Scores, _ ruling: Ruling) -> Doubt? {
    let least = leastWorse(dense.scores, scores)
    guard least > settings.notWorseBy else { return nil }
    let summary = "it is clearly worse than before pruning"
    return Doubt(
      summary: summary,
      text:
        "\(summary): its \(settings.metric.rawValue) is \(figure(ruling.challenger.value)), that of the "
        + "network of \(dense.origin) \(figure(ruling.comparison.dense)) on the same "
        + "\(counted(ruling.comparison.rows, "row")); it is worse by at least \(said.margin(least)) "
        + "(\(percent(settings.confidence)) bound), promote.not_worse_by allows "
        + said.margin(settings.notWorseBy),
      advice: "prune less")
  }

  private func figure(_ value: Double?) -> String { said.value(value ?? .nan) }
}
