/// What ranks divide: what somebody demands, or else what costs least. A plan and a run decide alike.
extension RankRates {
  /// What is divided of the steps of a training.
  ///
  /// - Parameters:
  ///   - demanded: what is divided whatever that costs; nil where costs decide.
  ///   - threads: of each rank.
  package func sharing(
    of step: StepShape, demanded: StepSharing?, ranks: Int, threads: Int
  ) -> StepSharing {
    ranks == 1 ? .alone : demanded ?? best(of: step, ranks: ranks, threads: threads)
  }

  /// Whether a pass over samples is divided, with the same parameters.
  package func divides(
    _ pass: PassShape, demanded: StepSharing?, ranks: Int, threads: Int
  ) -> Bool {
    guard let demanded else { return pays(pass, ranks: ranks, threads: threads) }
    return ranks > 1 && pass.isDivisible && demanded != .alone
  }
}
