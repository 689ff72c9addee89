import Runs
import Storage

/// What was planned of each stage, and what came of it.
struct PlanSection {
  let report: RunReport

  /// Of a factor of time beyond which a stage is spoken of.
  private static let largestFactor = 1.5
  /// Seconds below which nobody minds.
  private static let leastSeconds = 1.0

  var section: Page.Section {
    var table = PageTable("plan", "Each stage: planned, and as it came", columns)
    var others = 0
    var peak = 0
    for (stage, status) in zip(report.plan.stages, report.status.stages) {
      let record = report.records[stage.key]
      if let planned = stage.weights, let record, record.weights != planned { others += 1 }
      let estimate = report.curves.estimates[stage.name]
      if let estimate { peak = max(peak, estimate.memory) }
      table.rows.append([
        .words(stage.name), .words(status.state.rawValue), .count(stage.epochs),
        .count(stage.epochs == nil ? nil : report.curves.lastEpochs[stage.name]),
        .count(stage.weights), .count(record?.weights), .seconds(estimate?.seconds),
        .seconds(record?.wallClockSeconds), .mebibytes(estimate.map { _ in peak }),
        .mebibytes(record?.peakMemory), .count(estimate?.bytes),
        .count(record.flatMap(Self.bytes)),
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
      paragraphs: ["\(done) of \(report.plan.stages.count) stages are done. \(fit)"]
        + [seconds].compactMap { $0 },
      blocks: [.table(table.withoutEmptyColumns)])
  }

  private var columns: [PageTable.Column] {
    [
      .init(title: "stage", name: "stage", isText: true),
      .init(title: "state", name: "state", isText: true),
      .init(title: "epochs planned, at most", name: "epochs_planned"),
      .init(title: "epochs", name: "epochs"),
      .init(title: "weights planned", name: "weights_planned"),
      .init(title: "weights", name: "weights"),
      .init(title: "seconds planned", name: "seconds_planned"),
      .init(title: "seconds", name: "seconds"),
      .init(title: "MiB planned, by then at most", name: "memory_bytes_planned"),
      .init(title: "MiB", name: "memory_bytes"),
      .init(title: "bytes planned", name: "bytes_planned"), .init(title: "bytes", name: "bytes"),
    ]
  }

  /// Of what a stage has written.
  private static func bytes(of record: StageRecord) -> Int? {
    record.bytes ?? (record.files.isEmpty ? nil : record.files.reduce(0) { $0 + $1.bytes })
  }

  /// How the seconds of finished stages compare with the estimate; nil where there is none.
  private var seconds: String? {
    var (planned, taken) = (0.0, 0.0)
    var farthest: (name: String, planned: Double, taken: Double)?
    for stage in report.plan.stages {
      guard let own = report.curves.estimates[stage.name]?.seconds,
        let record = report.records[stage.key]
      else { continue }
      planned += own
      taken += record.wallClockSeconds
      if abs(record.wallClockSeconds - own) > abs((farthest?.taken ?? 0) - (farthest?.planned ?? 0))
      {
        farthest = (stage.name, own, record.wallClockSeconds)
      }
    }
    guard planned > 0 else { return nil }
    var text =
      "Finished stages of which there is an estimate were to take \(NumberText.duration(planned)), and took "
      + "\(NumberText.duration(taken))."
    if let farthest, abs(farthest.taken - farthest.planned) > Self.leastSeconds,
      max(farthest.taken / farthest.planned, farthest.planned / farthest.taken) > Self.largestFactor
    {
      text +=
        " \(farthest.name) is farthest off: \(NumberText.duration(farthest.planned)) planned, "
        + "\(NumberText.duration(farthest.taken)) taken."
    }
    return text
  }
}

extension PageTable.Cell {
  /// Bytes of memory, as MiB for people.
  fileprivate static func mebibytes(_ bytes: Int?) -> Self {
    guard let bytes else { return count(nil) }
    return Self(
      value: JSONValue(bytes), text: NumberText.fixed(Double(bytes) / 1_048_576, 1))
  }
}
