import Testing

extension StageProblemsTests {
  @Test(
    "of a key that belongs further inside, it is said where",
    arguments: ProblemCase.table(
      """
      prune: {to: 0.5, granularity: unit}
      > 6:22: stages[0].prune.granularity: the key "granularity" does not stand here but under \
      "budget"; write budget: {granularity: …}

      alternate: {to: 0.5, min_density: 0.1}
      > 6:17: stages[0].alternate.to: the key "to" does not stand here but under "sparsity"; write \
      sparsity: {to: …}
      > 6:26: stages[0].alternate.min_density: the key "min_density" does not stand here but under \
      "budget"; write budget: {min_density: …}

      prune: {to: 0.5, averaged: 2}
      > 6:22: stages[0].prune.averaged: the key "averaged" does not stand here but under "refine"; \
      write refine: {averaged: …}

      train: {epochs: 1, learning_rate: 0.1}
      > 6:24: stages[0].train.learning_rate: the key "learning_rate" does not stand here but under \
      "optimizer.sgd"; write optimizer: {sgd: {learning_rate: …}}

      alternate: {sparsity: {to: 0.5}, factor: 0.5}
      > 6:38: stages[0].alternate.factor: unknown key "factor"; allowed: until, rounds, sparsity, \
      prune, budget, rewind, release, finetune, finish
      """))
  func misplaced(_ example: ProblemCase) {
    #expect(ScheduleText.problems(Self.text(example.yaml)) == example.problems)
  }
}
