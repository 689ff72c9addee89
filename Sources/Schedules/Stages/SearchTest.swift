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

  /// - Returns: nil where something is wrong; it is reported.
  package init?(decoding field: Field, in context: StageContext) {
    guard let keys = field.keys(["validation", "confidence"]) else { return nil }
    let confidence = keys.optional("confidence") { $0.number(.openUnit) }
    let measure = keys.required("validation").flatMap { Self.measure($0, in: context) }
    guard let confidence, let measure else { return nil }
    self.init(measure, confidence: confidence)
  }

  private static func measure(_ field: Field, in context: StageContext) -> Measure? {
    let names = ["accuracy_drop", "loss_increase"]
    guard let keys = field.keys(names), let (name, value) = keys.exactlyOne(of: names) else {
      return nil
    }
    if context.data?.has(.validation) == false {
      field.report(RelationFault.needsPart("validation"))
      return nil
    }
    if name == "loss_increase" { return value.number(.notNegative).map { .lossIncrease($0) } }
    if let task = context.task, task != .classification {
      value.report(RelationFault.notForTask(name, task: task.rawValue))
      return nil
    }
    return value.number(.belowOne).map { .accuracyDrop($0) }
  }

  /// All settings, defaults written out.
  package var json: JSONValue {
    let name =
      switch measure {
      case .accuracyDrop: "accuracy_drop"
      case .lossIncrease: "loss_increase"
      }
    return [
      "validation": .object([name: JSONValue(allowed)]), "confidence": JSONValue(confidence),
    ]
  }
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
