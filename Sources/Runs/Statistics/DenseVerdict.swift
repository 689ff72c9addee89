import NeuralNetworks
import Storage

/// Whether a pruned network is better than the dense one, as good, or worse, by one measure of one part.
package struct DenseVerdict: Sendable, Equatable {
  package enum Measure: String, Sendable {
    case accuracy
    case loss
  }

  package enum Outcome: String, Sendable {
    case better
    /// The interval of the change has both sides of none.
    case asGood = "as_good"
    case worse
  }

  package let measure: Measure
  /// What the pruned network and the dense one have.
  package let now: Double
  package let dense: Double
  /// Of the accuracy the difference, of the loss the share by which it has grown.
  package let change: DenseComparison.Change

  /// The least that counts as clearly worse: 1 point of accuracy, 10 % of the loss.
  private static let clearly = (accuracy: 0.01, loss: 0.1)

  package init(
    _ measure: Measure, now: Double, dense: Double, change: DenseComparison.Change
  ) {
    (self.measure, self.now, self.dense, self.change) = (measure, now, dense, change)
  }

  /// The verdicts by each measure that there is, accuracy first; none where nothing can be compared.
  ///
  /// - Parameter metrics: of the pruned network, on the part that was compared.
  package static func all(_ metrics: Metrics, _ comparison: DenseComparison) -> [DenseVerdict] {
    var found: [DenseVerdict] = []
    if let change = comparison.accuracy, let now = metrics.accuracy,
      let dense = comparison.metrics.accuracy
    {
      found.append(DenseVerdict(.accuracy, now: now, dense: dense, change: change))
    }
    if let change = comparison.loss {
      found.append(
        DenseVerdict(.loss, now: metrics.loss, dense: comparison.metrics.loss, change: change))
    }
    return found
  }

  /// What the interval of the change says.
  package var outcome: Outcome {
    let (isAbove, isBelow) = (
      change.low.map { $0 > 0 } ?? false, change.high.map { $0 < 0 } ?? false
    )
    switch measure {
    case .accuracy: return isAbove ? .better : isBelow ? .worse : .asGood
    case .loss: return isAbove ? .worse : isBelow ? .better : .asGood
    }
  }

  /// Whether the interval leaves room for being worse by so much that it matters.
  package var mayBeClearlyWorse: Bool {
    switch measure {
    case .accuracy: -(change.low ?? -.infinity) >= Self.clearly.accuracy
    case .loss: change.high ?? .infinity >= Self.clearly.loss
    }
  }

  /// Whether it is worse by more than chance, and by so much that it matters.
  package var isClearlyWorse: Bool {
    guard outcome == .worse else { return false }
    switch measure {
    case .accuracy: return -change.value >= Self.clearly.accuracy
    case .loss: return change.value >= Self.clearly.loss
    }
  }
}

extension DenseVerdict: CustomStringConvertible {
  /// Both figures and the change, as a clause: "the accuracy is 97.04 % against 96.67 %, +0.37 points (95 %
  /// interval −1.10 to +1.90)".
  package var description: String {
    "the \(measure.rawValue) is \(text(now)) against \(text(dense)), \(amount) (\(change.interval))"
  }

  /// The change with its sign: "+0.37 points", "−4.20 %".
  package var amount: String { change.hundredths + unit }

  private var unit: String { measure == .accuracy ? " points" : " %" }

  private func text(_ value: Double) -> String {
    switch measure {
    case .accuracy: NumberText.fixed(100 * value, 2) + " %"
    case .loss: NumberText.significant(value, 4)
    }
  }
}

extension DenseComparison.Change {
  /// In hundredths, with its sign: "+0.37".
  package var hundredths: String { Self.signed(value) }

  /// Whether there is an interval.
  package var hasInterval: Bool { low != nil || high != nil }

  /// Both ends of the interval, in hundredths, or why there is none: "95 % interval −1.10 to +1.90".
  package var interval: String {
    let name = NumberText.fixed(100 * DenseComparison.confidence, 0) + " % interval"
    guard hasInterval else {
      return "no \(name): these rows do not suffice for one"
        + (samplesNeeded.map { ", it takes \(NumberText.grouped($0)) or more like them" } ?? "")
    }
    return "\(name) \(low.map(Self.signed) ?? "open") to \(high.map(Self.signed) ?? "open")"
  }

  private static func signed(_ value: Double) -> String { NumberText.signed(100 * value, 2) }
}
