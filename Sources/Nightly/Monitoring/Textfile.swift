import Runs
import Schedules
import Storage

/// A night as Prometheus's textfile collector reads it: gauges in base units, with help and type, without
/// times of their own.
///
/// Source: Prometheus, "Exposition formats", text format 0.0.4.
struct Textfile {
  /// The most columns whose index is told: the farthest.
  static let mostColumns = 20

  private let report: NightReport
  private let lastSuccess: String?

  /// - Parameter lastSuccess: when a night last came to a network, ISO 8601; nil for never.
  init(_ report: NightReport, lastSuccess: String?) {
    self.report = report
    self.lastSuccess = lastSuccess
  }

  /// A metric with its samples: labels and a value each.
  private struct Metric {
    let name: String
    let help: String
    let samples: [(labels: [(String, String)], value: Double?)]
  }

  /// The content of the file.
  var text: String {
    metrics.map { metric in
      let samples = metric.samples.compactMap { sample in
        sample.value.map { value in
          let labels = [("name", report.name)] + sample.labels
          let list = labels.map { "\($0.0)=\"\(escaped($0.1))\"" }.joined(separator: ",")
          return "\(metric.name){\(list)} \(value)\n"
        }
      }
      guard !samples.isEmpty else { return "" }
      return "# HELP \(metric.name) \(metric.help)\n# TYPE \(metric.name) gauge\n"
        + samples.joined()
    }.joined()
  }

  private var metrics: [Metric] {
    let models = [
      ("challenger", report.decision?.challenger), ("champion", report.decision?.incumbent),
    ]
    func each(
      _ name: String, _ help: String, _ value: (Contender) -> Double?
    ) -> Metric {
      Metric(
        name: "ecpipe_night_" + name, help: help,
        samples: models.map { ([("model", $0.0)], $0.1.flatMap(value)) })
    }
    func one(_ name: String, _ help: String, _ value: Double?) -> Metric {
      Metric(name: "ecpipe_night_" + name, help: help, samples: [([], value)])
    }
    let comparison = report.decision?.comparison
    return [
      one(
        "last_success_timestamp_seconds", "When a night last came to a network.",
        lastSuccess.flatMap(RetentionPolicy.seconds(of:)).map(Double.init)),
      one("exit_code", "Of the last night.", Double(report.exitCode)),
      one("duration_seconds", "Of the last night.", report.seconds),
      Metric(
        name: "ecpipe_night_state", help: "How the last night ended: 1 for that, 0 for the others.",
        samples: HookSettings.State.allCases.map {
          ([("state", $0.rawValue)], $0 == report.state ? 1 : 0)
        }),
      Metric(
        name: "ecpipe_night_score", help: "What the networks were judged by, on the same rows.",
        samples: models.map {
          ([("model", $0.0), ("by", comparison?.metric ?? "")], $0.1?.value)
        }),
      one("judged_rows", "That the networks were judged by.", (comparison?.rows).map(Double.init)),
      each("sparsity_ratio", "Share of the weights that are removed.", \.sparsity),
      each("weights", "Weights that are left.") { Double($0.weights) },
      each("model_size_bytes", "Of the checkpoint.") { Double($0.bytes) },
      Metric(
        name: "ecpipe_night_psi",
        help:
          "Population stability index of a column against the champion's training rows, for the "
          + "\(Self.mostColumns) columns that have moved farthest.",
        samples: drifts.map { ([("column", $0.column)], $0.index) }),
    ]
  }

  /// The columns that have moved farthest; of two of one name the first, because no two samples may have the
  /// same labels.
  private var drifts: ArraySlice<ColumnDrift> {
    var seen: Set<String> = []
    return report.drifts.filter { seen.insert($0.column).inserted }.prefix(Self.mostColumns)
  }

  private func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
