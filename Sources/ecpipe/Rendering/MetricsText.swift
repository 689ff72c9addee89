import NeuralNetworks
import Storage

/// Metrics in words, the same wherever they are shown.
package struct MetricsText {
  private let metrics: Metrics
  private let loss: String

  /// - Parameter loss: the name of the loss.
  package init(_ metrics: Metrics, loss: String) {
    self.metrics = metrics
    self.loss = loss
  }

  /// The loss with its name, and the accuracy, or what there is for values; of several targets what they have
  /// in common.
  package var line: String {
    let head = "loss (\(loss)) \(Figures.loss(metrics.loss)), "
    if let accuracy = metrics.accuracy { return head + "accuracy " + Figures.percent(accuracy, 2) }
    let count = metrics.targets.count
    guard count > 1 else {
      return head + Self.words(rmse: metrics.rmse, mae: metrics.mae, r2: metrics.r2)
    }
    return head
      + "nrmse \(Self.figure(metrics.nrmse)), r² \(Self.share(metrics.r2)) (over \(count) targets)"
  }

  /// A line for each of several targets.
  package var targets: [String] {
    guard metrics.targets.count > 1 else { return [] }
    return metrics.targets.enumerated().map { index, target in
      "\(target.name?.showingInvisible ?? "target \(index)"): "
        + Self.words(rmse: target.rmse, mae: target.mae, r2: target.r2)
    }
  }

  /// Both, behind the name of what was measured.
  package func lines(of part: String) -> [String] {
    ["\(part): \(line)"] + targets.map { "  " + $0 }
  }

  private static func words(rmse: Double?, mae: Double?, r2: Double?) -> String {
    "rmse \(figure(rmse)), mae \(figure(mae)), r² \(share(r2))"
  }

  private static func share(_ value: Double?) -> String {
    value.map(Figures.rSquared) ?? "–"
  }

  static func figure(_ value: Double?) -> String { value.map(Figures.loss) ?? "–" }
}
