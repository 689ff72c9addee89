import NeuralNetworks

/// Recorded metrics beside those measured again.
///
/// On the machine that a model was made on they have the same bits. With other vector units or another
/// BLAS, sums are rounded in another order: float32 activations move by some 1e-6, and a sample
/// between two classes may change sides.
package struct MetricsComparison {
  /// Share by which loss, rmse and mae may differ between machines.
  package static let relativeTolerance = 1e-4
  /// Amount by which r² may differ between machines.
  package static let absoluteTolerance = 1e-4

  /// Share of the samples that may change sides between machines, and always one sample.
  package static let switchedShare = 1e-3

  package let recorded: Metrics
  package let measured: Metrics
  /// Samples of the part.
  package let samples: Int

  /// How measured metrics stand to recorded ones.
  package enum Outcome: Sendable, Equatable {
    case same
    /// Within the tolerances.
    case close
    case different
  }

  package init(recorded: Metrics, measured: Metrics, samples: Int) {
    self.recorded = recorded
    self.measured = measured
    self.samples = samples
  }

  package var outcome: Outcome {
    // Names are as the data have them; numbers are compared.
    let measured = measured.naming(recorded.targets.map(\.name))
    if recorded == measured { return .same }
    let switched = max(1, Self.switchedShare * Double(samples)) / Double(max(samples, 1))
    let areClose =
      isClose(recorded.loss, measured.loss, relative: Self.relativeTolerance)
      // Shares of whole samples: rounding of the quotient must not count as one more.
      && isClose(recorded.accuracy, measured.accuracy, absolute: switched * (1 + 1e-9))
      && recorded.targets.count == measured.targets.count
      && zip(recorded.targets, measured.targets).allSatisfy { one, other in
        isClose(one.rmse, other.rmse, relative: Self.relativeTolerance)
          && isClose(one.mae, other.mae, relative: Self.relativeTolerance)
          && isClose(one.r2, other.r2, absolute: Self.absoluteTolerance)
      }
    return areClose ? .close : .different
  }

  /// Both losses and what else differs, as a clause.
  package var description: String {
    var parts: [String] = []
    func add(
      _ name: String, _ recorded: Double?, _ measured: Double?,
      form: (Double) -> String = { "\($0)" }
    ) {
      if recorded == measured { return }
      func text(_ value: Double?) -> String { value.map(form) ?? "none" }
      parts.append("\(name) is recorded as \(text(recorded)) and measured as \(text(measured))")
    }
    add("loss", recorded.loss, measured.loss)
    add("accuracy", recorded.accuracy, measured.accuracy) { "\(($0 * 1e6).rounded() / 1e4) %" }
    add("rmse", recorded.rmse, measured.rmse)
    add("mae", recorded.mae, measured.mae)
    add("nrmse", recorded.nrmse, measured.nrmse)
    add("r2", recorded.r2, measured.r2)
    return parts.joined(separator: ", ")
  }

  private func isClose(
    _ a: Double?, _ b: Double?, relative: Double = 0, absolute: Double = 0
  ) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    return abs(a - b) <= max(absolute, relative * max(abs(a), abs(b)))
  }
}
