import RunFixtures
import Scheduler
import Schedules
import Storage
import Testing

@Suite("Granularity") struct GranularitySettingsTests {
  private static func text(_ stages: String) -> String {
    """
    version: 1
    name: x
    data: {csv: a, task: classification, split: {validation: 0.1}}
    model: {hidden: [30, 20]}
    stages:
    \(stages.split(separator: "\n").map { "  - \($0)\n" }.joined())
    """
  }

  private func prune(_ settings: String) throws -> PruneSettings {
    let stages = try ScheduleText.decode(Self.text("prune: {\(settings)}")).stages
    guard case .prune(let prune) = stages[0].decoded else { throw OtherStage() }
    return prune
  }

  @Test("single weights go unless something else is stated, and leave no trace in the settings")
  func weight() throws {
    let plain = try prune("to: 0.5, budget: {policy: uniform}")
    #expect(plain.budget.granularity == .weight)
    #expect(plain.json["budget"]?["granularity"] == nil)
    #expect(try prune("to: 0.5, budget: {policy: uniform, granularity: weight}") == plain)
  }

  @Test(
    "whole units go under the policies that order them",
    arguments: ["global", "uniform", "erk", "lamp"])
  func unit(policy: String) throws {
    let stage = try prune("to: 0.5, steps: 3, budget: {policy: \(policy), granularity: unit}")
    #expect(stage.budget.granularity == .unit && stage.budget.name == policy)
    #expect(stage.json["budget"]?["granularity"] == "unit")
  }

  @Test("manual states the shares of the units of hidden layers")
  func manual() throws {
    let stage = try prune(
      "budget: {policy: manual, granularity: unit, layers: {\"*\": {density: 0.5}}}")
    #expect(stage.target == nil && stage.budget.granularity == .unit)
    #expect(stage.budget.policy == .manual && stage.budget.goal == .stated)
    // The units next to a kept layer stay, so nothing has to be said of them.
    let kept = try prune(
      "budget: {policy: manual, granularity: unit, layers: {hidden1: {density: 0.5}, output: "
        + "{keep: true}}}")
    #expect(kept.budget.policy == .manual)
  }

  @Test("n of m say how much stays, but of layers that are kept")
  func groups() throws {
    let stage = try prune(
      "criterion: wanda, budget: {granularity: {n_of_m: {keep: 1, of: 8}}, layers: "
        + "{output: {keep: true}}}")
    #expect(stage.target == nil)
    #expect(stage.budget.granularity == .groups(GroupPattern(keep: 1, of: 8)))
    #expect(
      try stage.budget.limits(of: ["hidden1", "output"]) == [.none, LayerLimits(keep: true)])
    #expect(stage.json["budget"]?["granularity"] == ["n_of_m": ["keep": 1, "of": 8]])
    #expect(stage.budget != (try prune("budget: {granularity: {n_of_m: {keep: 2, of: 8}}}")).budget)
  }

  @Test("an alternation of groups has one round")
  func alternation() throws {
    for sparsity in ["", "rounds: 1, ", "sparsity: {to: 0.5}, "] {
      let stages = try ScheduleText.decode(
        Self.text(
          "alternate: {\(sparsity)budget: {granularity: {n_of_m: {keep: 2, of: 4}}}, "
            + "finetune: {epochs: 1}}")
      ).stages
      guard case .alternate(let settings) = stages[0].decoded else { throw OtherStage() }
      #expect(
        try settings.curve.sparsities(from: .zero, to: Sparsity(0.5), rounds: settings.rounds)
          == [Sparsity(0.5)])
    }
  }

  @Test(
    "what is wrong is reported with its place",
    arguments: ProblemCase.table(
      """
      prune: {to: 0.5, budget: {granularity: units}}
      > 6:44: stages[0].prune.budget.granularity: unknown granularity "units"; did you mean \
      "unit"? Allowed: weight, unit, n_of_m

      prune: {to: 0.5, budget: {granularity: n_of_m}}
      > 6:44: stages[0].prune.budget.granularity: expected n_of_m with its numbers, such as \
      {n_of_m: {keep: 2, of: 4}}, found the text "n_of_m"

      prune: {budget: {granularity: {n_of_m: {keep: 4, of: 4}}}}
      > 6:51: stages[0].prune.budget.granularity.n_of_m.keep: 4 is out of range; allowed: whole \
      numbers from 1 to 3

      prune: {budget: {granularity: {n_of_m: {keep: 0, of: 1}}}}
      > 6:51: stages[0].prune.budget.granularity.n_of_m.keep: 0 is out of range; allowed: whole \
      numbers from 1 to 1023
      > 6:58: stages[0].prune.budget.granularity.n_of_m.of: 1 is out of range; allowed: whole \
      numbers from 2 to 1024

      prune: {budget: {granularity: {n_of_m: {n: 2, of: 4}}}}
      > 6:44: stages[0].prune.budget.granularity.n_of_m: the key "keep" is missing
      > 6:45: stages[0].prune.budget.granularity.n_of_m.n: unknown key "n"; allowed: keep, of

      prune: {to: 0.5, budget: {granularity: unit, policy: optimal}}
      > 6:44: stages[0].prune.budget.granularity: the policy optimal does not say which units go; \
      with granularity: unit use global, uniform, erk, lamp or manual

      prune: {budget: {granularity: unit, policy: manual, layers: {hidden1: {density: 0.5}}}}
      > 6:21: stages[0].prune.budget: the policy manual needs a density, or keep: true, for hidden2; \
      give it under layers

      prune: {budget: {granularity: unit, policy: manual, layers: {"hidden*": {density: 0.5}, output: \
      {density: 0.5}}}}
      > 6:65: stages[0].prune.budget.layers: the output layer has no units that could go; leave its \
      density out

      prune: {to: 0.5, regrow: 0.2, budget: {granularity: unit}}
      > 6:30: stages[0].prune.regrow: this does not go together with granularity: unit; remove one \
      of them

      prune: {steps: 2, regrow: 0.1, budget: {granularity: {n_of_m: {keep: 2, of: 4}}}}
      > 6:20: stages[0].prune.steps: this does not go together with granularity: n_of_m; remove \
      one of them
      > 6:31: stages[0].prune.regrow: this does not go together with granularity: n_of_m; remove \
      one of them

      prune: {budget: {granularity: {n_of_m: {keep: 2, of: 4}}, policy: erk, min_density: 0.1, \
      max_sparsity: 0.9}}
      > 6:71: stages[0].prune.budget.policy: this does not go together with granularity: n_of_m; \
      remove one of them
      > 6:89: stages[0].prune.budget.min_density: this does not go together with granularity: \
      n_of_m; remove one of them
      > 6:108: stages[0].prune.budget.max_sparsity: this does not go together with granularity: \
      n_of_m; remove one of them

      prune: {budget: {granularity: {n_of_m: {keep: 2, of: 4}}, layers: {output: {min_density: \
      0.1}}}}
      > 6:71: stages[0].prune.budget.layers: groups say how much of a layer stays, so layers can \
      only have keep: true or false here; remove the other keys

      alternate: {rounds: 2, budget: {granularity: {n_of_m: {keep: 2, of: 4}}}, finetune: {epochs: \
      1}}
      > 6:25: stages[0].alternate.rounds: this does not go together with granularity: n_of_m; \
      remove one of them

      alternate: {sparsity: {curve: linear}, budget: {granularity: {n_of_m: {keep: 2, of: 4}}}, \
      finetune: {epochs: 1}}
      > 6:35: stages[0].alternate.sparsity.curve: this does not go together with granularity: \
      n_of_m; remove one of them
      """))
  func wrong(example: ProblemCase) {
    #expect(ScheduleText.problems(Self.text(example.yaml)) == example.problems)
  }

  @Test(
    "a command line has the same words, groups as n:m",
    arguments: [
      ("weight", .weight), ("unit", .unit), ("2:4", .groups(GroupPattern(keep: 2, of: 4))),
      ("1023:1024", .groups(GroupPattern(keep: 1023, of: 1024))), ("0:4", nil), ("4:4", nil),
      ("5:4", nil), ("2:1025", nil), ("2", nil), ("2:4:8", nil), ("2:", nil), ("", nil),
      ("units", nil), ("-1:4", nil),
    ] as [(String, PruningGranularity?)])
  func words(word: String, expected: PruningGranularity?) {
    #expect(PruningGranularity(word: word) == expected)
  }
}

/// A stage of another kind than the text has.
private struct OtherStage: Error {}
