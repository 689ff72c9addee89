import Runs
import Storage

extension StudyComparison {
  /// The comparison as `compare --json` has it.
  package var json: JSONValue {
    [
      "dataset": .string(dataset), "model": .string(model),
      "loss": .string(loss),
      "reference": JSONValue(
        subjects.indices.contains(reference) ? subjects[reference].title : nil),
      "unpruned": JSONValue.object(measures { summary(unprunedValues($0)) }),
      "methods": JSONValue(
        subjects.enumerated().map { index, subject in
          [
            "title": .string(subject.title), "criterion": .string(subject.criterion),
            "metric": JSONValue(subject.metric), "compensation": JSONValue(subject.compensation),
            "budget": JSONValue(subject.budget),
            "ratios": JSONValue(
              ratios.filter { subject.results[$0] != nil }.map { entry(index, $0) }),
          ]
        }),
    ]
  }

  private func entry(_ index: Int, _ ratio: Double) -> JSONValue {
    var json = measures { measure -> JSONValue in
      var entry = summary(values(measure, of: subjects[index], at: ratio))
      let test = test(measure, of: index, at: ratio)
      if entry != .null {
        entry["difference"] = JSONValue(test?.meanDifference)
        entry["t"] = JSONValue(test?.t)
        entry["p"] = JSONValue(test?.p)
        let dense = testAgainstUnpruned(measure, of: index, at: ratio)
        entry["against_unpruned"] =
          dense.map { test in
            [
              "difference": JSONValue(test.meanDifference), "t": JSONValue(test.t),
              "p": JSONValue(test.p),
            ]
          } ?? .null
      }
      return entry
    }
    json["ratio"] = JSONValue(ratio)
    return .object(json)
  }

  private func measures(_ value: (Measure) -> JSONValue) -> JSONObject {
    var json: JSONObject = [:]
    for measure in Measure.allCases { json[measure.rawValue] = value(measure) }
    return json
  }

  private func summary(_ values: [Double]) -> JSONValue {
    if values.isEmpty { return .null }
    let summary = Summary(values)
    return [
      "n": JSONValue(summary.count), "mean": JSONValue(summary.mean),
      "standard_error": JSONValue(summary.standardError),
    ]
  }
}
