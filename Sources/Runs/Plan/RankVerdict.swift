/// Whether it pays to have ranks share a plan, by the model of costs.
package struct RankVerdict: Sendable, Equatable {
  /// Whether ranks would share anything.
  package let shares: Bool
  /// Seconds that all forecast stages take on one rank, over those on all ranks.
  package let speedup: Double

  /// What several machines have to bring at least, so that somebody takes the trouble.
  package static let leastSpeedup = 1.2

  package var pays: Bool { shares && speedup >= Self.leastSpeedup }

  /// - Parameter forecasts: of all stages that ranks may share.
  package init(_ forecasts: [RankForecast]) {
    shares = forecasts.contains { $0.sharing != .alone }
    let seconds = forecasts.reduce(0) { $0 + $1.seconds }
    speedup = seconds > 0 ? forecasts.reduce(0) { $0 + $1.secondsAlone } / seconds : 1
  }
}
