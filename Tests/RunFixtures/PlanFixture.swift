import Runs
import Schedules

/// Plans of small schedules on data of which only the facts are known.
package enum PlanFixture {
  /// 5 inputs and 3 classes.
  package static let facts = DataFacts(
    digest: "the data", inputs: 5, outputs: 3, classes: ["a", "b", "c"], trainingSamples: 36,
    validationSamples: 12, testSamples: 12)

  package static func schedule(_ text: String, overrides: [String] = []) throws -> RunSchedule {
    try RunSchedule(
      Array(text.utf8), file: "s.yaml", overrides: overrides, environment: { _ in nil })
  }

  /// The plan of `stages` behind the head of `RunFixture`, a 5-7-6-3 network of 95 weights, each
  /// change a text and what takes its place.
  package static func plan(
    _ stages: String, changes: [(String, String)] = [], facts: DataFacts = facts
  ) throws -> Plan {
    var text = RunFixture.head + stages
    for (old, new) in changes {
      precondition(text.contains(old), "\(old) is in the text")
      text = text.replacing(old, with: new)
    }
    return try Plan(of: schedule(text), facts: facts)
  }
}
