import Testing

@Suite("Stage problems") struct StageProblemsTests {
  static func text(_ stages: String, task: String = "classification") -> String {
    """
    version: 1
    name: x
    data: {csv: a, task: \(task), split: {validation: 0.1}}
    model: {hidden: [30, 20]}
    stages:
    \(stages.split(separator: "\n").map { "  - \($0)\n" }.joined())
    """
  }

  @Test(
    "what is wrong is reported with its place",
    arguments: ProblemCase.table(
      """
      train:
      > 6:11: stages[0].train: expected a mapping with keys of: epochs, batch, loss, \
      label_smoothing, optimizer, decay, clip, early_stop, found nothing

      shrink:
      > 6:12: stages[0].shrink: expected a mapping with keys of: merge_identical, found nothing; \
      write {} where none of them is set

      train
      > 6:5: stages[0]: expected a mapping with one of the keys: train, prune, finetune, \
      alternate, rewind, shrink, evaluate, export, found the text "train"

      {}
      > 6:5: stages[0]: one of these keys is missing: train, prune, finetune, alternate, rewind, \
      shrink, evaluate, export

      {train: {epochs: 1}, prune: {to: 0}}
      > 6:5: stages[0]: only one of these keys can be there: train, prune

      distill: {}
      > 6:5: stages[0]: unknown stage "distill"; allowed: train, prune, finetune, alternate, \
      rewind, shrink, evaluate, export

      train: {epochs: 0}
      > 6:21: stages[0].train.epochs: 0 is out of range; allowed: whole numbers from 1 to 1000000

      train: {}
      > 6:12: stages[0].train: the key "epochs" is missing

      finetune: {epochs: 1, optimizer: continue}
      > 6:38: stages[0].finetune.optimizer: no train or finetune stage comes before this one, so \
      there is no optimizer to go on with

      train: {epochs: 0}
      finetune: {epochs: 1, optimizer: continue}
      > 6:21: stages[0].train.epochs: 0 is out of range; allowed: whole numbers from 1 to 1000000

      train: {epochs: 1, loss: binary_cross_entropy}
      > 6:30: stages[0].train.loss: this does not go together with the loss cross_entropy under \
      training; remove one of them

      evaluate: {}
      > 6:15: stages[0].evaluate: the data has no test part; give it a share under data.split, or \
      files under data.test

      evaluate: {part: test}
      > 6:22: stages[0].evaluate.part: the data has no test part; give it a share under \
      data.split, or files under data.test

      evaluate: {part: tests}
      > 6:22: stages[0].evaluate.part: unknown part "tests"; did you mean "test"? Allowed: train, \
      validation, test

      evaluate: {on: test}
      > 6:15: stages[0].evaluate: the data has no test part; give it a share under data.split, or \
      files under data.test
      > 6:16: stages[0].evaluate.on: unknown key "on"; allowed: part

      prune: {}
      > 6:12: stages[0].prune: the key "to" is missing

      prune: {sparsity: 0.9}
      > 6:13: stages[0].prune.sparsity: unknown key "sparsity"; did you mean "to"? Allowed: to, \
      budget, criterion, metric, compensation, probes, samples, steps, regrow, refine, force

      prune: {to: 0.5, criterion: magnitud}
      > 6:33: stages[0].prune.criterion: unknown criterion "magnitud"; did you mean "magnitude"? \
      Allowed: ec, magnitude, gradient_magnitude, gradient_magnitude_signed, taylor, variance, \
      wanda, obd, random, nonlinear

      prune: {to: 0.5, compensation: bias}
      > 6:36: stages[0].prune.compensation: unknown compensation "bias"; allowed: none, mean, ec, \
      least_squares

      prune: {to: 0.5, probes: 0, samples: 0, steps: 0, force: 1}
      > 6:30: stages[0].prune.probes: 0 is out of range; allowed: whole numbers from 1 to 1000000
      > 6:42: stages[0].prune.samples: 0 is out of range; allowed: whole numbers from 1 to \
      1000000000
      > 6:52: stages[0].prune.steps: 0 is out of range; allowed: whole numbers from 1 to 1000
      > 6:62: stages[0].prune.force: expected true or false, found the text "1"

      prune: {to: 0.5, samples: most}
      > 6:31: stages[0].prune.samples: expected a whole number, or all, found the text "most"

      prune: {to: 0.5, refine: {target: output, iterations: 0, damping: 0, held_out: 1, rate: 1}}
      > 6:39: stages[0].prune.refine.target: unknown target "output"; did you mean "outputs"? \
      Allowed: outputs, labels, both
      > 6:59: stages[0].prune.refine.iterations: 0 is out of range; allowed: whole numbers from 1 to \
      10000
      > 6:71: stages[0].prune.refine.damping: 0 is out of range; allowed: numbers above 0
      > 6:84: stages[0].prune.refine.held_out: 1 is out of range; allowed: numbers above 0 and below 1
      > 6:87: stages[0].prune.refine.rate: unknown key "rate"; allowed: target, iterations, damping, \
      held_out, averaged

      prune: {to: 0.5, refine: both}
      > 6:30: stages[0].prune.refine: expected a mapping with keys of: target, iterations, damping, \
      held_out, averaged, found the text "both"

      prune: {to: 0.5, criterion: wanda}
      > 6:33: stages[0].prune.criterion: the criterion wanda ranks weights within their row, so the \
      policy global has nothing to compare layers by; use budget: {policy: uniform}, erk or manual

      prune: {to: 0.5, criterion: gradient_magnitude_signed, budget: {policy: lamp}}
      > 6:33: stages[0].prune.criterion: the criterion gradient_magnitude_signed has negative \
      importances, which the policy lamp cannot sum; use another policy, or gradient_magnitude

      prune: {to: 0.5, sparsity: {to: 0.5}}
      > 6:22: stages[0].prune.sparsity: unknown key "sparsity"; did you mean "to"? Allowed: to, \
      budget, criterion, metric, compensation, probes, samples, steps, regrow, refine, force

      prune: {to: 0.5, budget: {policy: manual}}
      > 6:30: stages[0].prune.budget: the policy manual needs a density, or keep: true, for \
      hidden1; give it under layers
      > 6:30: stages[0].prune.budget: the policy manual needs a density, or keep: true, for \
      hidden2; give it under layers
      > 6:30: stages[0].prune.budget: the policy manual needs a density, or keep: true, for \
      output; give it under layers

      prune: {to: 0.5, budget: {layers: {output: {density: 1}}}}
      > 6:58: stages[0].prune.budget.layers.output.density: this does not go together with the \
      policy global; remove one of them

      prune: {budget: {policy: manual, layers: {"*": {keep: true, density: 1}}}}
      > 6:74: stages[0].prune.budget.layers.*.density: this does not go together with keep: true; \
      remove one of them

      prune: {budget: {policy: manual, layers: {"*": {density: 0}}}}
      > 6:62: stages[0].prune.budget.layers.*.density: 0 is out of range; allowed: numbers above \
      0 and at most 1

      prune: {to: 0.5, budget: {layers: {hiden1: {keep: true}}}}
      > 6:40: stages[0].prune.budget.layers.hiden1: no layer is called "hiden1"; did you mean \
      "hidden1"? Allowed: hidden1, hidden2, output, and patterns such as hidden*

      prune: {to: 0.5, budget: {layers: {"layer*": {}}}}
      > 6:40: stages[0].prune.budget.layers.layer*: no layer is called "layer*"; allowed: \
      hidden1, hidden2, output, and patterns such as hidden*

      prune: {to: 0.5, budget: {ladder: [0.5]}}
      > 6:39: stages[0].prune.budget.ladder: this does not go together with the policy global; \
      remove one of them

      prune: {to: 0.5, budget: {policy: optimal, ladder: [0.5, 0.4]}}
      > 6:56: stages[0].prune.budget.ladder: a ladder has 1 to 100 sparsities above 0, each larger \
      than the one before; this one has 2, which do not rise

      prune: {to: 0.5, budget: {policy: sensitivity, ladder: [50]}}
      > 6:61: stages[0].prune.budget.ladder[0]: 50 is not a sparsity: it is the fraction removed, \
      at least 0 and below 1; did you mean 0.5?

      prune: {to: 0.5, budget: {policy: optimal, limit: {bytes: 400}}}
      > 6:17: stages[0].prune.to: this does not go together with budget.limit; remove one of them

      prune: {budget: {policy: lamp, limit: {bytes: 400}}}
      > 6:43: stages[0].prune.budget.limit: this does not go together with the policy lamp; remove \
      one of them

      prune: {budget: {policy: optimal, limit: {byte: 400}}}
      > 6:47: stages[0].prune.budget.limit.byte: unknown key "byte"; did you mean "bytes"? \
      Allowed: bytes, multiply_adds, milliseconds, batch

      prune: {budget: {policy: optimal, limit: {bytes: 1, multiply_adds: 2}}}
      > 6:46: stages[0].prune.budget.limit: only one of these keys can be there: bytes, \
      multiply_adds

      prune: {budget: {policy: optimal, limit: {multiply_adds: 0}}}
      > 6:62: stages[0].prune.budget.limit.multiply_adds: 0 is out of range; allowed: whole \
      numbers from 1 to 1099511627776

      prune: {to: 0.5, budget: {policy: optimal, limit: {milliseconds: 1}}}
      > 6:17: stages[0].prune.to: this does not go together with budget.limit; remove one of them

      prune: {budget: {policy: optimal, limit: {milliseconds: 0, batch: 0}}}
      > 6:61: stages[0].prune.budget.limit.milliseconds: 0 is out of range; allowed: numbers above 0
      > 6:71: stages[0].prune.budget.limit.batch: 0 is out of range; allowed: whole numbers from 1 \
      to 4096

      prune: {budget: {policy: optimal, limit: {bytes: 900, batch: 2}}}
      > 6:66: stages[0].prune.budget.limit.batch: this does not go together with bytes; remove one \
      of them

      alternate: {rounds: 2, budget: {policy: optimal, limit: {milliseconds: 1}}, \
      finetune: {epochs: 1}}
      > 6:36: stages[0].alternate.budget: how many weights a limit of milliseconds leaves is found \
      out by measuring, so rounds cannot be planned for it; use a prune stage with this budget, and \
      a finetune stage after it

      alternate: {until: {validation: {accuracy_drop: 0.1}}, \
      budget: {policy: optimal, limit: {milliseconds: 1}}, finetune: {epochs: 1}}
      > 6:68: stages[0].alternate.budget: how many weights a limit of milliseconds leaves is found \
      out by measuring, so rounds cannot be planned for it; use a prune stage with this budget, and \
      a finetune stage after it

      alternate: {rounds: 2, sparsity: {to: 0.5}, budget: {policy: optimal, limit: {bytes: 9}}, \
      finetune: {epochs: 1}}
      > 6:43: stages[0].alternate.sparsity.to: this does not go together with budget.limit; remove \
      one of them

      prune: {to: 0.5, budget: {layers: [output]}}
      > 6:39: stages[0].prune.budget.layers: expected a mapping of layer names to limits, found a \
      list

      prune: {to: 0.5, budget: {min_density: 2, max_sparsity: 90}}
      > 6:44: stages[0].prune.budget.min_density: 2 is out of range; allowed: numbers from 0 to 1
      > 6:61: stages[0].prune.budget.max_sparsity: 90 is not a sparsity: it is the fraction \
      removed, at least 0 and below 1; did you mean 0.9?
      """))
  func wrong(example: ProblemCase) {
    #expect(ScheduleText.problems(Self.text(example.yaml)) == example.problems)
  }

  @Test(
    "what cannot be rewound to is reported with its place",
    arguments: ProblemCase.table(
      """
      train: {epochs: 3}
      rewind: {to: trian}
      > 7:18: stages[1].rewind.to: no train or finetune stage before this one is called "trian"; \
      did you mean "train"? Allowed: train

      rewind: {to: train}
      > 6:18: stages[0].rewind.to: no train or finetune stage before this one is called "train"

      train: {epochs: 3}
      train: {epochs: 1}
      rewind: {to: train-2, epoch: 2}
      > 8:34: stages[2].rewind.epoch: 2 is out of range; allowed: whole numbers from 0 to 1

      train: {epochs: 3, early_stop: {patience: 1}}
      rewind: {to: train, epoch: 2}
      > 7:32: stages[1].rewind.epoch: early stopping or recovery may end train before this epoch; \
      leave epoch out, which rewinds to its end, or give that stage a fixed number of epochs \
      without early_stop

      train: {epochs: 3}
      prune: {to: 0.5}
      finetune: {epochs: {max: 3, until: recovered}}
      rewind: {to: finetune, epoch: 2}
      > 9:35: stages[3].rewind.epoch: early stopping or recovery may end finetune before this \
      epoch; leave epoch out, which rewinds to its end, or give that stage a fixed number of \
      epochs without early_stop

      train: {epochs: 3}
      rewind: {epoch: 2}
      > 7:13: stages[1].rewind: the key "to" is missing

      train: {epochs: 3}
      alternate: {rounds: 1, sparsity: {to: 0.5}, rewind: {to: train, epoch: 4}, finetune: \
      {epochs: 1}}
      > 7:76: stages[1].alternate.rewind.epoch: 4 is out of range; allowed: whole numbers from 0 \
      to 3
      """))
  func rewind(example: ProblemCase) {
    #expect(ScheduleText.problems(Self.text(example.yaml)) == example.problems)
  }
}
