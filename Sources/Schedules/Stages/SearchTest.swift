import Storage

/// When a pruned network counts as good as the one before the search: a test of the validation part.
///
///     until: {validation: {accuracy_drop: 0.005}, confidence: 0.95}
///     until: {validation: {loss_increase: 0.05}}
///
/// With `confidence` the one-sided upper bound of the drop, or of the increase, has to be within what
/// is allowed (a paired test of non-inferiority); without it, what is measured. Each trial is tested on
/// the same samples, so of many trials some hold by luck: the test part has the last word.
package struct SearchTest: Sendable, Equatable {
  /// What may become worse, and how much.
  package enum Measure: Sendable, Equatable {
    /// Accuracy, by an absolute share of the samples, 0 up to below 1.
    case accuracyDrop(Double)
    /// The mean loss, by a share of what it was, at least 0.
    case lossIncrease(Double)
  }

  package let measure: Measure
  /// In (0, 1); nil where what is measured decides.
  package let confidence: Double?

  package init(_ measure: Measure, confidence: Double? = nil) {
    self.measure = measure
    self.confidence = confidence
  }

  /// The largest drop or increase.
  package var allowed: Double {
    switch measure {
    case .accuracyDrop(let drop): drop
    case .lossIncrease(let increase): increase
    }
  }

  package static func block(in context: StageContext) -> Block<SearchTest> {
    Block(
      "until", "When a pruned network counts as good as the one before the search.",
      .setting(
        "validation", \.measure, .block(measures(in: context)),
        "What may become worse on the validation part, and how much."),
      .optional(
        "confidence", \.confidence, .number(.openUnit), absent: "what is measured decides",
        "Of the one-sided upper bound that has to be within what is allowed."),
      make: { SearchTest($0, confidence: $1) })
  }

  private static func measures(in context: StageContext) -> Block<Measure> {
    let drop = Form.number(.belowOne).reading { field in
      if let task = context.task, task != .classification {
        field.report(RelationFault.notForTask("accuracy_drop", task: task.rawValue))
        return nil
      }
      return Form.number(.belowOne).read(field)
    }
    return Block(
      "until validation", "One measure of the validation part.",
      .exactlyOne({ $0 }) { _ in
        [
          Case(
            "accuracy_drop", drop, "An absolute share of the samples, for classification.",
            wrap: { .accuracyDrop($0) }
          ) { if case .accuracyDrop(let drop) = $0 { drop } else { nil } },
          Case(
            "loss_increase", .number(.notNegative), "A share of what the mean loss was.",
            wrap: { .lossIncrease($0) }
          ) { if case .lossIncrease(let increase) = $0 { increase } else { nil } },
        ]
      },
      check: { keys, _ in
        if context.data?.has(.validation) == false {
          keys.field.report(RelationFault.needsPart("validation"))
        }
      },
      make: { $0 })
  }

  /// All settings, defaults written out.
  package var json: JSONValue { .object(Self.block(in: .undecided).encode(self)) }
}

extension SearchTest: CustomStringConvertible {
  /// The test as a clause.
  package var description: String {
    let what =
      switch measure {
      case .accuracyDrop(let drop): "an accuracy drop of at most \(drop)"
      case .lossIncrease(let increase): "a loss increase of at most \(increase) of the loss"
      }
    return what + " on the validation part"
      + (confidence.map { ", with a confidence of \($0)" } ?? ", as measured")
  }
}
