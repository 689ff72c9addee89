import Runs
import Storage

/// What was planned of each stage, and what came of it.
struct PlanSection {
  let report: RunReport

  var section: Page.Section {
    var table = PageTable(
      "plan", "Each stage: planned, and as it came",
      [
        .init(title: "stage", name: "stage", isText: true),
        .init(title: "state", name: "state", isText: true),
        .init(title: "epochs planned, at most", name: "epochs_planned"),
        .init(title: "epochs", name: "epochs"),
        .init(title: "weights planned", name: "weights_planned"),
        .init(title: "weights", name: "weights"),
        .init(title: "seconds", name: "seconds"), .init(title: "bytes", name: "bytes"),
      ])
    var others = 0
    for (stage, status) in zip(report.plan.stages, report.status.stages) {
      let record = report.records[stage.key]
      if let planned = stage.weights, let record, record.weights != planned { others += 1 }
      table.rows.append([
        .words(stage.name), .words(status.state.rawValue), .count(stage.epochs),
        .count(stage.epochs == nil ? nil : report.curves.lastEpochs[stage.name]),
        .count(stage.weights), .count(record?.weights), .seconds(record?.wallClockSeconds),
        .count(record?.bytes),
      ])
    }
    let done = report.status.stages.count { !$0.isOpen }
    let fit =
      others == 0
      ? "Every finished stage has as many weights as were planned."
      : "\(others) finished stages have other numbers of weights than were planned: shrinking leaves out what "
        + "cannot matter."
    return Page.Section(
      id: "plan", heading: "Plan against fact",
      paragraphs: ["\(done) of \(report.plan.stages.count) stages are done. \(fit)"],
      blocks: [.table(table)])
  }
}
