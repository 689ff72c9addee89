import Storage

/// Whether a trial of a search holds: its model beside the one before the search, sample by sample, on
/// the validation part.
package struct TrialVerdict: Sendable, Equatable {
  /// What is compared, in the schedule's word: accuracy_drop or loss_increase.
  package var measure: String
  package var samples: Int
  /// Of accuracy: samples that only the model before gets right, and that only the trial's does.
  package var lost: Int?
  package var gained: Int?
  /// Accuracy, or mean loss, of the model before the search.
  package var before: Double
  /// The same of the trial's model; nil where fine-tuning it failed.
  package var after: Double?
  /// The drop of accuracy, or the share by which the loss grew; negative where the trial is better,
  /// nil where the loss before was 0 and grew.
  package var change: Double?
  /// The one-sided upper bound of `change`; nil without a confidence, and where there is none.
  package var bound: Double?
  /// Of the bound; nil where `change` decides.
  package var confidence: Double?
  /// The largest `bound`, or `change`.
  package var allowed: Double
  package var holds: Bool
  /// Why there is no model to test; nil where there is one.
  package var failure: String? = nil
}

extension TrialVerdict: CustomStringConvertible {
  /// What was found, and why it holds or not.
  package var description: String {
    if let failure { return failure }
    var words =
      change.map { "\(subject) \(verb($0)) by \(Self.text($0))" } ?? "the loss grows from 0"
    if let lost, let gained { words += " (\(lost) lost, \(gained) gained of \(samples))" }
    if let confidence {
      words +=
        bound.map { ", \(limit($0)) with confidence \(confidence)" }
        ?? ", without a bound at confidence \(confidence)"
    }
    return words + (holds ? "; allowed: " : "; not allowed, more than ") + Self.text(allowed)
  }

  private var isOfAccuracy: Bool { measure == "accuracy_drop" }

  private var subject: String { isOfAccuracy ? "accuracy" : "the loss" }

  /// What a metric does that has changed by `value`, which is above 0 where it is worse.
  private func verb(_ value: Double) -> String {
    let isBetter = Self.percent(value) < 0
    return isOfAccuracy ? (isBetter ? "rises" : "drops") : isBetter ? "falls" : "grows"
  }

  /// The upper bound `value` of the change, which may be one for the worse where the change is for the better.
  private func limit(_ value: Double) -> String {
    let isSame = change.map { verb($0) == verb(value) } ?? false
    let size = (Self.percent(value) < 0 ? "at least " : "at most ") + Self.text(value)
    return isSame ? size : "\(verb(value)) by \(size)"
  }

  /// The size of `value`, whatever its sign.
  private static func text(_ value: Double) -> String { "\(abs(percent(value))) %" }

  /// In percent, with four digits behind the point.
  private static func percent(_ value: Double) -> Double {
    let scaled = (value * 1e6).rounded() / 1e4
    return scaled == 0 ? 0 : scaled
  }
}

extension TrialVerdict {
  package var json: JSONValue {
    var json: JSONValue = [
      "measure": .string(measure), "samples": JSONValue(samples), "lost": JSONValue(lost),
      "gained": JSONValue(gained), "before": JSONValue(before), "after": JSONValue(after),
      "change": JSONValue(change), "bound": JSONValue(bound),
      "confidence": JSONValue(confidence), "allowed": JSONValue(allowed), "holds": .bool(holds),
    ]
    if let failure { json["failure"] = .string(failure) }
    return json
  }

  package init(json: JSONValue) throws(JSONError) {
    measure = try json.string(at: "measure")
    samples = try json.integer(at: "samples")
    lost = try json.value(at: "lost").intValue
    gained = try json.value(at: "gained").intValue
    before = try json.number(at: "before")
    after = try json.value(at: "after").doubleValue
    change = try json.value(at: "change").doubleValue
    bound = try json.value(at: "bound").doubleValue
    confidence = try json.value(at: "confidence").doubleValue
    allowed = try json.number(at: "allowed")
    holds = try json.bool(at: "holds")
    failure = json["failure"]?.stringValue
  }
}
