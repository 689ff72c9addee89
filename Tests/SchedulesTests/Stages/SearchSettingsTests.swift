import RunFixtures
import Scheduler
import Schedules
import Storage
import Testing

@Suite("Settings of a search") struct SearchSettingsTests {
  private static func text(
    _ stages: String, task: String = "classification", split: String = "{validation: 0.1}"
  ) -> String {
    """
    version: 1
    name: x
    data: {csv: a, task: \(task), split: \(split)}
    model: {hidden: [30, 20]}
    stages:
    \(stages.split(separator: "\n").map { "  - \($0)\n" }.joined())
    """
  }

  private func search(_ settings: String, task: String = "classification") throws -> SearchSettings
  {
    let stages = try ScheduleText.decode(
      Self.text("alternate: {\(settings), finetune: {epochs: 1}}", task: task)
    ).stages
    guard case .search(let search) = stages[0].decoded else {
      Issue.record("a search")
      throw CancellationError()
    }
    return search
  }

  @Test("what is not stated has its default, which the canonical form writes out")
  func defaults() throws {
    let plain = try search("until: {validation: {accuracy_drop: 0.005}}")
    #expect(plain.test == SearchTest(.accuracyDrop(0.005)))
    #expect(plain.step == 0.5 && plain.minimalStep == 0.02)
    let untrained = try ScheduleText.decode(
      Self.text("alternate: {until: {validation: {accuracy_drop: 0.005}}, finetune: none}")
    ).stages[0]
    guard case .search(let bare) = untrained.decoded else {
      Issue.record("a search")
      return
    }
    #expect(bare.finetune == nil && bare.json["finetune"] == "none")
    #expect(plain.limit == nil && plain.rounds == nil && plain.rewind == nil)
    #expect(plain.json["sparsity"]?.canonical == #"{"minimal_step":0.02,"step":0.5,"to":null}"#)
    #expect(
      plain.json["until"]?.canonical
        == #"{"confidence":null,"validation":{"accuracy_drop":0.005}}"#)
    #expect(plain.json["rounds"] == .null && plain.json["budget"]?["policy"] == "global")
    // A step below the smallest one is the smallest itself.
    let small = try search("until: {validation: {loss_increase: 0}}, sparsity: {step: 0.01}")
    #expect(small.step == 0.01 && small.minimalStep == 0.01)
  }

  @Test("all that can be stated")
  func all() throws {
    let full = try search(
      "until: {validation: {loss_increase: 0.05}, confidence: 0.9}, rounds: 12, "
        + "sparsity: {step: 0.3, minimal_step: 0.1, to: 0.99}, prune: {criterion: magnitude}, "
        + "budget: {policy: erk}", task: "regression")
    #expect(full.test == SearchTest(.lossIncrease(0.05), confidence: 0.9))
    #expect(full.step == 0.3 && full.minimalStep == 0.1 && full.rounds == 12)
    #expect(full.limit == (try Sparsity(0.99)) && full.criterion.criterion.rawValue == "magnitude")
    #expect(full.budget.name == "erk")
  }

  @Test(
    "what is wrong is reported with its place",
    arguments: ProblemCase.table(
      """
      alternate: {until: {validation: {accuracy_drop: 0.1}}}
      > 6:16: stages[0].alternate: the key "finetune" is missing

      alternate: {until: {validation: {accuracy_drop: 0.1}}, finetune: nothing}
      > 6:70: stages[0].alternate.finetune: expected a mapping, or none, found the text "nothing"

      train: {epochs: 2}
      alternate: {until: {validation: {accuracy_drop: 0.1}}, rewind: {to: train}, finetune: none}
      > 7:68: stages[1].alternate.rewind: this does not go together with finetune: none; remove one of them

      alternate: {until: {}, finetune: {epochs: 1}}
      > 6:24: stages[0].alternate.until: the key "validation" is missing

      alternate: {until: {validation: {}}, finetune: {epochs: 1}}
      > 6:37: stages[0].alternate.until.validation: one of these keys is missing: accuracy_drop, \
      loss_increase

      alternate: {until: {validation: {accuracy_drop: 0.1, loss_increase: 1}}, finetune: {epochs: 1}}
      > 6:37: stages[0].alternate.until.validation: only one of these keys can be there: \
      accuracy_drop, loss_increase

      alternate: {until: {validation: {accuracy_drop: 1}}, finetune: {epochs: 1}}
      > 6:53: stages[0].alternate.until.validation.accuracy_drop: 1 is out of range; allowed: \
      numbers of at least 0 and below 1

      alternate: {until: {validation: {loss_increase: -1}}, finetune: {epochs: 1}}
      > 6:53: stages[0].alternate.until.validation.loss_increase: -1 is out of range; allowed: \
      numbers of at least 0

      alternate: {until: {test: {accuracy_drop: 0.1}}, finetune: {epochs: 1}}
      > 6:24: stages[0].alternate.until: the key "validation" is missing
      > 6:25: stages[0].alternate.until.test: unknown key "test"; allowed: validation, confidence

      alternate: {until: {validation: {accuracy_drop: 0.1}, confidence: 95}, finetune: {epochs: 1}}
      > 6:71: stages[0].alternate.until.confidence: 95 is out of range; allowed: numbers above 0 \
      and below 1

      alternate: {until: {validation: {accuracy_drop: 0.1}}, sparsity: {curve: cubic}, finetune: \
      {epochs: 1}}
      > 6:78: stages[0].alternate.sparsity.curve: this does not go together with until, which \
      finds its own way; remove one of them

      alternate: {until: {validation: {accuracy_drop: 0.1}}, sparsity: {step: 1}, finetune: \
      {epochs: 1}}
      > 6:77: stages[0].alternate.sparsity.step: 1 is out of range; allowed: numbers above 0 and \
      below 1

      alternate: {until: {validation: {accuracy_drop: 0.1}}, sparsity: {step: 0.1, minimal_step: \
      0.2}, finetune: {epochs: 1}}
      > 6:96: stages[0].alternate.sparsity.minimal_step: 0.2 is out of range; allowed: numbers \
      above 0 and at most the step, 0.1

      alternate: {until: {validation: {accuracy_drop: 0.1}}, budget: {policy: manual, layers: \
      {"*": {density: 0.1}}}, finetune: {epochs: 1}}
      > 6:68: stages[0].alternate.budget: this does not go together with until, which finds out \
      how much to keep; remove one of them

      alternate: {untill: {validation: {accuracy_drop: 0.1}}, rounds: 1, sparsity: {to: 0.5}, \
      finetune: {epochs: 1}}
      > 6:17: stages[0].alternate.untill: unknown key "untill"; did you mean "until"? Allowed: \
      until, rounds, sparsity, prune, budget, rewind, release, finetune, finish

      alternate: {rounds: 1, sparsity: {step: 0.5, to: 0.5}, finetune: {epochs: 1}}
      > 6:39: stages[0].alternate.sparsity.step: unknown key "step"; allowed: to, curve
      """))
  func problems(example: ProblemCase) {
    #expect(ScheduleText.problems(Self.text(example.yaml)) == example.problems)
  }

  @Test("accuracy needs classes, and a search a validation part")
  func data() throws {
    let search = "alternate: {until: {validation: {accuracy_drop: 0.1}}, finetune: {epochs: 1}}"
    #expect(
      ScheduleText.problems(Self.text(search, task: "regression")) == [
        "s.yaml:6:53: stages[0].alternate.until.validation.accuracy_drop: accuracy_drop is not for "
          + "regression; remove it"
      ])
    #expect(
      ScheduleText.problems(Self.text(search, split: "{test: 0.1}")) == [
        "s.yaml:6:37: stages[0].alternate.until.validation: the data has no validation part; give it a "
          + "share under data.split, or files under data.validation"
      ])
  }

  @Test(
    "epochs until the loss has recovered",
    arguments: ProblemCase.table(
      """
      train: {epochs: {max: 3, until: recovered}}
      > 6:21: stages[0].train.epochs: training that lasts until the loss has recovered is for the \
      finetune stages of a run; give a number of epochs

      finetune: {epochs: {min: 3, until: recovered}}
      > 6:24: stages[0].finetune.epochs: the key "max" is missing

      finetune: {epochs: {max: 3}}
      > 6:24: stages[0].finetune.epochs: the key "until" is missing

      finetune: {epochs: {min: 4, max: 3, until: recovered}}
      > 6:30: stages[0].finetune.epochs.min: 4 is out of range; allowed: whole numbers from 1 to 3

      finetune: {epochs: {max: 3, until: recoverd}}
      > 6:40: stages[0].finetune.epochs.until: unknown end "recoverd"; did you mean "recovered"? \
      Allowed: recovered
      """))
  func recovery(example: ProblemCase) {
    #expect(ScheduleText.problems(Self.text(example.yaml)) == example.problems)
  }

  @Test("epochs until the loss has recovered need a validation part, and have a canonical form")
  func recoveryForm() throws {
    let text = "finetune: {epochs: {max: 3, until: recovered}}"
    #expect(
      ScheduleText.problems(Self.text(text, split: "{test: 0.1}")) == [
        "s.yaml:6:24: stages[0].finetune.epochs: the data has no validation part; give it a share under "
          + "data.split, or files under data.validation"
      ])
    guard case .finetune(let settings) = try ScheduleText.decode(Self.text(text)).stages[0].decoded
    else {
      Issue.record("a finetune stage")
      return
    }
    #expect(settings.epochs == 3 && settings.minimumEpochs == 1)
    #expect(
      settings.json["epochs"]?.canonical == #"{"max":3,"min":1,"until":"recovered"}"#)
  }
}
