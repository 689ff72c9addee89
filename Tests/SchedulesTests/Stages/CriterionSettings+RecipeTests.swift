import Pruning
import RunFixtures
import Schedules
import Testing

@Suite("What a prune stage does where nothing is stated")
struct CriterionSettingsRecipeTests {
  /// Steps and compensation of the first prune stage of `stages`.
  private func recipe(_ stages: String) throws -> String {
    let text = """
      version: 1
      name: x
      data: {csv: a, task: classification, split: {validation: 0.1, test: 0.1}}
      model: {hidden: [30, 20]}
      stages: [train: {epochs: 1}, \(stages)]
      """
    for stage in try ScheduleText.decode(text).stages.compactMap({ $0.entry as? PruneSettings }) {
      return "\(stage.criterion.steps) \(stage.criterion.compensation.rawValue)"
    }
    return "no prune stage"
  }

  @Test(
    "without training behind it, it prunes as the command does; what is stated holds",
    arguments: [
      ("prune: {to: 0.9}", "18 least_squares"),
      ("prune: {to: 0.9, metric: output, samples: 20}", "18 least_squares"),
      ("prune: {to: 0.9, budget: {granularity: unit}}", "18 least_squares"),
      ("prune: {to: 0.9, steps: 3}", "3 least_squares"),
      ("prune: {to: 0.9, compensation: mean}", "18 mean"),
      // A stated criterion comes as published.
      ("prune: {to: 0.9, criterion: ec}", "1 ec"),
      ("prune: {to: 0.9, criterion: magnitude}", "1 none"),
      // Groups go in one step, and a step of these policies measures every layer.
      ("prune: {budget: {granularity: {n_of_m: {keep: 2, of: 4}}}}", "1 least_squares"),
      ("prune: {to: 0.9, budget: {policy: optimal}}", "1 least_squares"),
      ("prune: {budget: {policy: manual, layers: {\"*\": {density: 0.5}}}}", "1 least_squares"),
    ])
  func untrained(stages: String, expected: String) throws {
    #expect(try recipe(stages) == expected)
  }

  @Test(
    "training counts that comes before another pruning",
    arguments: [
      ("prune: {to: 0.9}, finetune: {epochs: 1}", "1 ec"),
      ("prune: {to: 0.9}, train: {epochs: 1}", "1 ec"),
      ("prune: {to: 0.9}, evaluate: {}, shrink: {}, finetune: {epochs: 1}", "1 ec"),
      ("prune: {to: 0.9}, evaluate: {}, shrink: {}", "18 least_squares"),
      ("prune: {to: 0.5}, prune: {to: 0.9}, finetune: {epochs: 1}", "18 least_squares"),
      (
        "prune: {to: 0.5}, alternate: {rounds: 2, sparsity: {to: 0.9}, finetune: {epochs: 1}}",
        "18 least_squares"
      ),
    ])
  func trained(stages: String, expected: String) throws {
    #expect(try recipe(stages) == expected)
  }

  @Test("rounds prune in one step, with the compensation of the criterion's paper")
  func rounds() throws {
    let text = """
      version: 1
      name: x
      data: {csv: a, task: classification}
      model: {hidden: [30, 20]}
      stages: [train: {epochs: 1}, alternate: {sparsity: {to: 0.9}}]
      """
    guard case .alternate(let rounds) = try ScheduleText.decode(text).stages[1].decoded else {
      Issue.record("an alternation")
      return
    }
    #expect(rounds.criterion.steps == 1 && rounds.criterion.compensation == .ec)
  }
}
