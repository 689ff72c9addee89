import Runs
import Storage

/// What searches have tried, and why they went on or back.
struct SearchSection {
  let report: RunReport

  var section: Page.Section? {
    var paragraphs: [String] = []
    var table = PageTable(
      "search", "Each trial and its verdict",
      [
        .init(title: "trial", name: "trial", isText: true),
        .init(title: "from", name: "base", isText: true),
        .init(title: "step", name: "step"), .init(title: "weights before", name: "weights_before"),
        .init(title: "weights", name: "weights"),
        .init(title: "holds", name: "holds", isText: true),
        .init(title: "change", name: "change"), .init(title: "bound", name: "bound"),
        .init(title: "allowed", name: "allowed"), .init(title: "seconds", name: "seconds"),
        .init(title: "because", name: "because", isText: true),
      ])
    for stage in report.plan.stages {
      guard case .search(let search) = stage.action,
        let trials = report.plan.trials(of: stage.key, records: report.records)
      else { continue }
      paragraphs.append(sentence(stage, search, trials))
      for decided in trials.decided {
        let verdict = decided.verdict
        table.rows.append([
          .words(decided.stage.name), .words(decided.stage.trial?.base ?? "before the search"),
          .percent(decided.trial.step, 1), .count(decided.trial.from), .count(decided.trial.kept),
          .words(verdict.holds ? "yes" : "no"), .percent(verdict.change), .percent(verdict.bound),
          .percent(verdict.allowed), .seconds(decided.seconds), .words(verdict.description),
        ])
      }
    }
    guard !paragraphs.isEmpty else { return nil }
    var blocks: [Page.Block] = []
    if !table.rows.isEmpty { blocks.append(.table(table)) }
    return Page.Section(
      id: "search", heading: "Search decisions", paragraphs: paragraphs, blocks: blocks)
  }

  private func sentence(_ stage: PlannedStage, _ search: SearchStage, _ trials: SearchTrials)
    -> String
  {
    let head = "\(stage.name) looks for the fewest weights with \(search.test)"
    guard let stop = trials.stop else {
      return "\(head); \(trials.decided.count) trials are decided so far."
    }
    let held =
      trials.held.map { "\($0.name) held last, with \(NumberText.grouped(stop.kept)) weights" }
      ?? "no trial held"
    return
      "\(head): \(stop.trials) trials, \(stop.rollbacks) rolled back; \(held). It ended because of "
      + "\(stop.reason.rawValue.replacing("_", with: " "))."
  }
}
