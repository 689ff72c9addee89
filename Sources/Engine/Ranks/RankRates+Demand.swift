/// What ranks divide: what somebody demands, or else what costs least. A plan and a run decide alike.
extension RankRates {
  /// What is divided of the steps of a training.
  ///
  /// - Parameters:
  ///   - demanded: what is divided, whatever that costs, where it can be sent; nil where costs decide.
  ///   - threads: of each rank.
  package func sharing(
    of step: StepShape, demanded: StepSharing?, ranks: Int, threads: Int
  ) -> StepSharing {
    if ranks == 1 { return .alone }
    guard let demanded else { return best(of: step, ranks: ranks, threads: threads) }
    return step.isSendable(demanded) ? demanded : .alone
  }

  /// Why one rank takes the steps of a training, where `sharing` says that of the same parameters.
  package func obstacle(
    to step: StepShape, demanded: StepSharing?, ranks: Int, threads: Int
  ) -> SharingObstacle {
    if demanded == .alone { return .demand }
    let wanted =
      demanded ?? best(of: StepSharing.allCases, step, ranks: ranks, threads: threads)
    // Of a layer that cannot be sent, nothing can be shared, whatever that would bring.
    return step.isSendable(wanted) && step.isSendable(.rows) ? .costs : .messageSize
  }

  /// Whether a pass over samples is divided, with the same parameters.
  package func divides(
    _ pass: PassShape, demanded: StepSharing?, ranks: Int, threads: Int
  ) -> Bool {
    guard let demanded else { return pays(pass, ranks: ranks, threads: threads) }
    return ranks > 1 && pass.isDivisible && demanded != .alone
  }
}
