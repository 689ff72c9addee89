import NeuralNetworks
import Reports
import Runs
import Storage

/// What `shrink` says of a shrinking.
struct ShrinkReport {
  let outcome: ModelShrinking.Outcome
  /// The files read and written.
  let model: String
  let output: String
  /// Cells that a line of the table may have; nil for as many as it takes.
  var width: Int?

  /// Most columns that are named; more are counted.
  private static let mostNames = 20

  private var report: ShrinkingReport { outcome.report }

  /// The shapes before and after, and the weights that are left.
  static func summary(_ report: ShrinkingReport) -> String {
    func widths(_ width: (ShrinkingReport.Layer) -> Int) -> String {
      report.layers.map { String(width($0)) }.joined(separator: "-")
    }
    func change(_ before: Int, _ after: Int) -> String {
      before == after
        ? Figures.grouped(after) : "\(Figures.grouped(before)) → \(Figures.grouped(after))"
    }
    let shapes =
      report.removedUnits == 0
      ? "no unit can go" : "units a layer \(widths(\.before)) → \(widths(\.after))"
    return "\(shapes), live weights \(change(report.weightsBefore, report.weights)) in matrices of "
      + change(report.totalBefore, report.total)
  }

  var lines: [String] {
    var lines =
      outcome.files.map { "\($0.path): \(Figures.count($0.bytes.count, "byte"))" }
      + [Self.summary(report)]
    lines += inputs
    var table = TextTable([
      ("layer", .left), ("units before", .right), ("units left", .right), ("constant", .right),
      ("merged", .right), ("unused", .right), ("weights left", .right), ("matrix", .right),
    ])
    for layer in report.layers {
      table.add(
        [layer.name]
          + [
            layer.before, layer.after, layer.constant, layer.merged, layer.unused, layer.weights,
            layer.total,
          ].map(Figures.grouped))
    }
    return lines + table.lines(width: width)
  }

  /// What nothing reads.
  private var inputs: [String] {
    if report.unreadInputs == 0 { return [] }
    let count = report.unreadInputs
    let head = "\(Figures.count(count, "input")) that nothing reads"
    let names = report.unread.prefix(Self.mostNames).map { column in
      column.name?.showingInvisible ?? String(column.place)
    }
    let more = report.unread.count - names.count
    let listed =
      names.joined(separator: ", ") + (more > 0 ? " and \(Figures.grouped(more)) more" : "")
    if !report.dropped.isEmpty {
      return ["\(head), left out with the columns \(listed)"]
    }
    return report.unread.isEmpty
      ? ["\(head), of columns with others that are read"]
      : ["\(head): columns \(listed) (--drop-inputs leaves them out)"]
  }

  /// The form of `shrink --json`.
  var json: JSONValue {
    var json = report.json
    json["format"] = 1
    json["model"] = .string(model)
    json["output"] = .string(output)
    json["bytes"] = JSONValue(outcome.files.byteCount)
    json["notes"] = JSONValue(outcome.notices.map { .string($0.text) })
    return json
  }
}
