import Storage
import RunFixtures
import Runs
import Scheduler
import Testing

@Suite("Budgets in stages' keys") struct BudgetKeysTests {
  /// Every part of a budget with two values at least, beside the defaults.
  private static let budgets: [String] = {
    var budgets = ["policy: global", "granularity: unit", "min_density: 0.1", "min_density: 0.2"]
    budgets += ["max_sparsity: 0.8", "max_sparsity: 0.9"]
    for policy in BudgetPolicy.allCases where policy != .global && policy != .manual {
      budgets.append("policy: \(policy)")
      guard policy.rule.basis == .curves else { continue }
      for ladder in ["[0.5]", "[0.5, 0.6]", "[0.2, 0.6]"] {
        budgets.append("policy: \(policy), ladder: \(ladder)")
      }
    }
    for limit in [
      "bytes: 400", "bytes: 500", "multiply_adds: 40", "multiply_adds: 50", "milliseconds: 1",
      "milliseconds: 1.5", "milliseconds: 1, batch: 2",
    ] { budgets.append("policy: optimal, limit: {\(limit)}") }
    for pattern in ["keep: 1, of: 4", "keep: 2, of: 4", "keep: 1, of: 8"] {
      budgets.append("granularity: {n_of_m: {\(pattern)}}")
    }
    for layers in [
      "output: {keep: true}", "output: {keep: false}", "hidden1: {keep: true}",
      "output: {min_density: 0.1}", "output: {min_density: 0.2}", "output: {max_sparsity: 0.8}",
      "output: {max_sparsity: 0.9}", "\"hidden1, output\": {max_sparsity: 0.9}",
      "output: {keep: true}, \"*\": {keep: false}", "\"*\": {keep: false}, output: {keep: true}",
    ] { budgets.append("layers: {\(layers)}") }
    for density in ["0.5", "0.25"] {
      for portions in ["", ", granularity: unit"] {
        budgets.append("policy: manual\(portions), layers: {\"*\": {density: \(density)}}")
      }
    }
    return budgets
  }()

  /// The budget's form, and the key of the stage.
  private func planned(_ budget: String) throws -> (form: JSONValue?, key: String) {
    let target =
      ["limit", "n_of_m", "manual"].contains(where: budget.contains) ? "" : "to: 0.5, "
    let plan = try PlanFixture.plan("stages: [prune: {\(target)budget: {\(budget)}}]")
    return (plan.stages[0].settings["budget"], plan.stages[0].key)
  }

  @Test("two values of any part give two forms and two keys")
  func different() throws {
    let found = try Self.budgets.map(planned)
    for (index, one) in found.enumerated() {
      for (text, other) in zip(Self.budgets, found[..<index]) {
        #expect(one.form != other.form, "\(text), \(Self.budgets[index])")
        #expect(one.key != other.key, "\(text), \(Self.budgets[index])")
      }
    }
  }

  @Test("no part of a budget is left out of its form")
  func complete() {
    // A new one has to come into the form, and in two values into the list above.
    #expect(
      Mirror(reflecting: Budget.standard).children.map(\.label) == [
        "policy", "granularity", "ladder", "limit", "common", "rules",
      ])
  }

  @Test("the form is the one that keys have always been made of")
  func form() throws {
    let forms = [
      ("policy: global", #"{"layers":[],"max_sparsity":null,"min_density":0.0,"policy":"global"}"#),
      (
        "policy: optimal, ladder: [0.5], limit: {milliseconds: 1, batch: 2}, min_density: 0.1",
        #"{"ladder":[0.5],"layers":[],"limit":{"batch":2,"milliseconds":1.0},"max_sparsity":null,"#
          + #""min_density":0.1,"policy":"optimal"}"#
      ),
      (
        "granularity: {n_of_m: {keep: 1, of: 8}}, layers: {output: {keep: true}}",
        #"{"granularity":{"n_of_m":{"keep":1,"of":8}},"layers":[{"density":null,"keep":true,"#
          + #""max_sparsity":null,"min_density":null,"select":["output"]}],"max_sparsity":null,"#
          + #""min_density":0.0,"policy":"n_of_m"}"#
      ),
      (
        "policy: manual, granularity: unit, layers: {\"hidden*\": {density: 0.5}, output: "
          + "{max_sparsity: 0.5}}",
        #"{"granularity":"unit","layers":[{"density":0.5,"keep":null,"max_sparsity":null,"#
          + #""min_density":null,"select":["hidden*"]},{"density":null,"keep":null,"#
          + #""max_sparsity":0.5,"min_density":null,"select":["output"]}],"max_sparsity":null,"#
          + #""min_density":0.0,"policy":"manual"}"#
      ),
    ]
    for (text, form) in forms { #expect(try planned(text).form?.canonical == form) }
  }
}
