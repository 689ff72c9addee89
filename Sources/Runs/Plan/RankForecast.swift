import Engine

/// What ranks would share of one stage, and what is expected of that: by counted bytes and by assumed
/// rates, before anything runs.
package struct RankForecast: Sendable, Equatable {
  /// What bytes and speedup are of.
  package enum Unit: String, Sendable {
    case step
    /// What a pruning measures, from the first sample to the last.
    case stage
  }

  /// The stage's.
  package let name: String
  package let unit: Unit
  package let sharing: StepSharing
  /// Nil where ranks share something.
  package let obstacle: SharingObstacle?
  /// Bytes that each rank receives, on average.
  package let bytes: Int
  /// The same if the gradients of a training were summed across ranks instead.
  package let bytesSummingGradients: Int?
  /// Seconds of the whole stage on one rank.
  package let secondsAlone: Double
  /// The same on all ranks, for what they share.
  package let seconds: Double

  /// Seconds on one rank, over those on all.
  package var speedup: Double { secondsAlone / seconds }

  package init(
    name: String, unit: Unit, sharing: StepSharing, obstacle: SharingObstacle? = nil,
    bytes: Int, bytesSummingGradients: Int? = nil, secondsAlone: Double, seconds: Double
  ) {
    (self.name, self.unit, self.sharing) = (name, unit, sharing)
    self.obstacle = sharing == .alone ? obstacle ?? .costs : nil
    (self.bytes, self.bytesSummingGradients) = (bytes, bytesSummingGradients)
    (self.secondsAlone, self.seconds) = (secondsAlone, seconds)
  }
}

/// Ranks that a plan is looked at for.
package struct ExpectedRanks: Sendable {
  package let count: Int
  /// Of each rank.
  package let threads: Int
  /// What is divided whatever the model of costs says.
  package let demanded: StepSharing?
  package let rates: RankRates

  package init(
    count: Int, threads: Int, demanded: StepSharing? = nil, rates: RankRates = RankRates()
  ) {
    (self.count, self.threads, self.demanded, self.rates) = (count, threads, demanded, rates)
  }
}
