import NeuralNetworks
import Storage

/// What an evaluation has found beside the metrics: counts, whatever the number of samples.
package struct EvaluationRecord: Sendable, Equatable {
  package var samples: Int
  /// Nil for values.
  package var classes: ClassCounts?
  /// Of each target; empty for classes, and where there are too many numbers to keep all errors in memory.
  package var residuals: [ResidualCounts]
  /// Nil where nothing has been pruned, and where the network before that is not there any more.
  package var against: DenseComparison?

  package init(
    samples: Int, classes: ClassCounts?, residuals: [ResidualCounts], against: DenseComparison?
  ) {
    (self.samples, self.classes) = (samples, classes)
    (self.residuals, self.against) = (residuals, against)
  }
}

extension EvaluationRecord {
  package var json: JSONValue {
    [
      "samples": JSONValue(samples), "classes": classes?.json ?? .null,
      "residuals": JSONValue(residuals.map(\.json)), "against": against?.json ?? .null,
    ]
  }

  package init(json: JSONValue) throws(JSONError) {
    samples = try json.integer(at: "samples")
    let classes = try json.value(at: "classes")
    self.classes = classes.isNull ? nil : try ClassCounts(json: classes)
    residuals = try json.array(at: "residuals").map(ResidualCounts.init(json:))
    let against = try json.value(at: "against")
    self.against = against.isNull ? nil : try DenseComparison(json: against)
  }
}

extension JSONValue {
  /// The whole numbers of member `name`, of which there are `count` where that is stated.
  fileprivate func integers(at name: String, count: Int? = nil) throws(JSONError) -> [Int] {
    let values = try array(at: name).compactMap(\.intValue)
    guard values.count == (try array(at: name).count), count.map({ $0 == values.count }) ?? true
    else {
      throw .wrongKind(path: name, expected: "whole numbers", found: "something else")
    }
    return values
  }
}

extension ClassCounts {
  /// Confusions as one list: actual, predicted, samples, and so on.
  fileprivate var json: JSONValue {
    [
      "actual": JSONValue(actual.map { JSONValue($0) }),
      "predicted": JSONValue(predicted.map { JSONValue($0) }),
      "correct": JSONValue(correct.map { JSONValue($0) }),
      "confusions": JSONValue(
        confusions.map { .string("\($0.actual) \($0.predicted) \($0.samples)") }),
    ]
  }

  fileprivate init(json: JSONValue) throws(JSONError) {
    let actual = try json.integers(at: "actual")
    var confusions: [Confusion] = []
    for text in try json.array(at: "confusions") {
      let numbers = (text.stringValue ?? "").split(separator: " ").compactMap { Int($0) }
      guard numbers.count == 3, actual.indices.contains(numbers[0]),
        actual.indices.contains(numbers[1])
      else {
        throw .wrongKind(path: "confusions", expected: "three numbers", found: "\(text.canonical)")
      }
      confusions.append(
        Confusion(actual: numbers[0], predicted: numbers[1], samples: numbers[2]))
    }
    self.init(
      actual: actual, predicted: try json.integers(at: "predicted", count: actual.count),
      correct: try json.integers(at: "correct", count: actual.count), confusions: confusions)
  }
}

extension ResidualCounts {
  fileprivate var json: JSONValue {
    [
      "bias": JSONValue(bias), "start": JSONValue(start), "step": JSONValue(step),
      "counts": JSONValue(counts.map { JSONValue($0) }), "below": JSONValue(below),
      "above": JSONValue(above),
    ]
  }

  fileprivate init(json: JSONValue) throws(JSONError) {
    self.init(
      bias: try json.number(at: "bias"), start: try json.number(at: "start"),
      step: try json.number(at: "step"), counts: try json.integers(at: "counts"),
      below: try json.integer(at: "below"), above: try json.integer(at: "above"))
  }
}

extension DenseComparison {
  fileprivate var json: JSONValue {
    [
      "stage": .string(stage), "metrics": metrics.json, "lost": JSONValue(lost),
      "gained": JSONValue(gained), "accuracy": accuracy?.json ?? .null,
      "loss": loss?.json ?? .null, "confidence": JSONValue(Self.confidence),
    ]
  }

  fileprivate init(json: JSONValue) throws(JSONError) {
    let accuracy = try json.value(at: "accuracy")
    let loss = try json.value(at: "loss")
    self.init(
      stage: try json.string(at: "stage"), metrics: try Metrics(json: json.value(at: "metrics")),
      lost: json["lost"]?.intValue, gained: json["gained"]?.intValue,
      accuracy: accuracy.isNull ? nil : try Change(json: accuracy),
      loss: loss.isNull ? nil : try Change(json: loss))
  }
}

extension DenseComparison.Change {
  fileprivate var json: JSONValue {
    var json: JSONValue = [
      "value": JSONValue(value), "low": JSONValue(low), "high": JSONValue(high),
    ]
    if let samplesNeeded { json["samples_needed"] = JSONValue(samplesNeeded) }
    return json
  }

  fileprivate init(json: JSONValue) throws(JSONError) {
    self.init(
      value: try json.number(at: "value"), low: json["low"]?.doubleValue,
      high: json["high"]?.doubleValue, samplesNeeded: json["samples_needed"]?.intValue)
  }
}
