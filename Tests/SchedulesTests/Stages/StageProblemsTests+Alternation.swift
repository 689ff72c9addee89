import Testing

extension StageProblemsTests {
  @Test(
    "what is wrong in an alternation is reported with its place",
    arguments: ProblemCase.table(
      """
      alternate: {}
      > 6:16: stages[0].alternate: the key "sparsity" is missing

      alternate: {sparsity: {to: 0.9}, finetune: {epochs: 0}, finish: {epochs: 2}}
      > 6:57: stages[0].alternate.finetune.epochs: 0 is out of range; allowed: whole numbers from \
      1 to 1000000

      alternate: {sparsity: {to: 0.9}, finish: {epochs: 0}}
      > 6:55: stages[0].alternate.finish.epochs: 0 is out of range; allowed: whole numbers from \
      1 to 1000000

      alternate: {rounds: 0, sparsity: {to: 0.9}, finetune: {epochs: 1}}
      > 6:25: stages[0].alternate.rounds: 0 is out of range; allowed: whole numbers from 1 to \
      10000

      alternate: {rounds: 2, sparsity: {}, finetune: {epochs: 1}}
      > 6:38: stages[0].alternate.sparsity: the key "to" is missing

      alternate: {sparsity: {curve: {exponential: {fraction: 0.2}}}, finetune: {epochs: 1}}
      > 6:27: stages[0].alternate.sparsity: the key "to" is missing

      alternate: {rounds: 2, sparsity: {to: 0.9, curve: {exponential: {fraction: 1}}}, \
      finetune: {epochs: 1}}
      > 6:80: stages[0].alternate.sparsity.curve.exponential.fraction: 1 is out of range; \
      allowed: numbers above 0 and below 1

      alternate: {rounds: 2, sparsity: {to: 0.9, curve: {cubic: {power: 2}}}, finetune: {epochs: 1}}
      > 6:64: stages[0].alternate.sparsity.curve.cubic.power: unknown key "power"; there are no \
      keys here

      alternate: {rounds: 3, sparsity: {curve: [0.5, 0.9]}, finetune: {epochs: 1}}
      > 6:46: stages[0].alternate.sparsity.curve: the list has 2 sparsities for 3 rounds; give \
      one value a round

      alternate: {sparsity: {curve: [0.5, 0.4]}, finetune: {epochs: 1}}
      > 6:35: stages[0].alternate.sparsity.curve: the list of sparsities falls from 0.5 to 0.4 in \
      round 2; removed weights do not come back

      alternate: {sparsity: {to: 0.8, curve: [0.5, 0.9]}, finetune: {epochs: 1}}
      > 6:44: stages[0].alternate.sparsity.curve: the list of sparsities ends at 0.9, not at the \
      target 0.8

      alternate: {sparsity: {curve: []}, finetune: {epochs: 1}}
      > 6:35: stages[0].alternate.sparsity.curve: the list of sparsities is empty; give one value \
      a round

      alternate: {sparsity: {curve: [0.5, 90]}, finetune: {epochs: 1}}
      > 6:41: stages[0].alternate.sparsity.curve[1]: 90 is not a sparsity: it is the fraction \
      removed, at least 0 and below 1; did you mean 0.9?
      """))
  func wrongAlternation(example: ProblemCase) {
    #expect(ScheduleText.problems(Self.text(example.yaml)) == example.problems)
  }
}
