import Runs
import Storage

/// What the paper claims of compensation, tested at one share of weights.
///
/// Compared are the compensation that sees a tenth of the samples (or the largest share below all, where a study
/// has no tenth) and the longest training.
struct UnitsClaims {
  let results: UnitsResults
  let share: Double

  /// Of what retraining recovers, the least that is most of it.
  private static let most = 0.5
  /// Of the time of retraining, the most.
  private static let time = 0.05
  private static let tenth = 0.1

  private var compensated: UnitsResults.Way? {
    let ways = results.ways.filter { $0.method == "compensated" }
    return ways.first { $0.samples == Self.tenth }
      ?? ways.filter { ($0.samples ?? 1) < 1 }.max { ($0.samples ?? 0) < ($1.samples ?? 0) }
      ?? ways.first
  }

  private var retrained: UnitsResults.Way? {
    results.ways.filter { $0.method == "retrained" }.max { ($0.epochs ?? 0) < ($1.epochs ?? 0) }
  }

  var answers: [StudyFindings.Answer] {
    guard let compensated, let retrained else { return [] }
    let samples = NumberText.significant(100 * (compensated.samples ?? 1), 3)
    let epochs = counted(retrained.epochs ?? 0, "epoch")
    let place = "\(results.dataset) \(results.model), \(share) removed"
    return [
      StudyFindings.Answer(
        claim:
          "\(place): compensation with \(samples) % of the samples gets most of what \(epochs) of training "
          + "recover",
        test:
          "(compensated − pruned) / (retrained − pruned) in test \(results.measure), seed by seed, where retraining "
          + "recovers anything; the 95 % interval "
          + "of its mean lies above \(Self.most); contradicted where it lies below",
        recovery(compensated, retrained)),
      StudyFindings.Answer(
        claim:
          "\(place): compensation with \(samples) % of the samples takes less than "
          + "\(NumberText.significant(100 * Self.time, 3)) % of the time of \(epochs) of training",
        test:
          "processor seconds of choosing units, widths and refits over those of training alone, seed by seed; the "
          + "95 % interval of the geometric mean, by logarithms, lies below \(Self.time); contradicted where it lies "
          + "above",
        duration(compensated, retrained)),
    ]
  }

  private func recovery(
    _ compensated: UnitsResults.Way, _ retrained: UnitsResults.Way
  ) -> (StudyFindings.Verdict, String) {
    let measure = results.measure
    let pruned = results.values(
      measure, UnitsResults.Way(method: "pruned", samples: nil, epochs: nil), at: share)
    let (refitted, trained) = (
      results.values(measure, compensated, at: share), results.values(measure, retrained, at: share)
    )
    var shares: [Double] = []
    var idle: [UInt64] = []
    for (seed, base) in pruned.sorted(by: { $0.key < $1.key }) {
      guard let first = refitted[seed], let second = trained[seed] else { continue }
      // What recovers nothing, or does harm, is no measure.
      let gain = measure == "accuracy" ? second - base : base - second
      if gain > 0 { shares.append((first - base) / (second - base)) } else { idle.append(seed) }
    }
    if shares.isEmpty, !idle.isEmpty {
      let seeds = idle.map(String.init).joined(separator: ", ")
      return (.open, "training does not recover anything with any seed (\(seeds))")
    }
    let (verdict, result) = verdict(shares, MeanInterval(shares)) {
      ($0.low > Self.most, $0.high < Self.most)
    }
    return (verdict, idle.isEmpty ? result : result + leftOut(idle, of: shares.count + idle.count))
  }

  /// That seeds are left out with which training does not recover anything.
  private func leftOut(_ seeds: [UInt64], of count: Int) -> String {
    "; \(seeds.count) of \(counted(count, "seed")) left out, with which training does not recover anything: "
      + seeds.map(String.init).joined(separator: ", ")
  }

  private func duration(
    _ compensated: UnitsResults.Way, _ retrained: UnitsResults.Way
  ) -> (StudyFindings.Verdict, String) {
    let first = results.values(UnitsResults.seconds(of: compensated), compensated, at: share)
    let second = results.values(UnitsResults.seconds(of: retrained), retrained, at: share)
    let ratios = first.sorted { $0.key < $1.key }.compactMap { seed, seconds in
      second[seed].flatMap { $0 > 0 && seconds > 0 ? seconds / $0 : nil }
    }
    return verdict(ratios, MeanInterval(ratios: ratios)) {
      ($0.high < Self.time, $0.low > Self.time)
    }
  }

  private func verdict(
    _ values: [Double], _ interval: MeanInterval?,
    _ judge: (MeanInterval) -> (isConfirmed: Bool, isContradicted: Bool)
  ) -> (StudyFindings.Verdict, String) {
    guard let interval else {
      let one = values.first.map { "\(NumberText.significant($0, 3)) with a single seed" }
      return (.open, one ?? "not measured yet")
    }
    let (isConfirmed, isContradicted) = judge(interval)
    return (
      StudyFindings.Verdict(isConfirmed: isConfirmed, isContradicted: isContradicted),
      interval.text
    )
  }
}

extension StudyFindings.Answer {
  fileprivate init(
    claim: String, test: String, _ outcome: (verdict: StudyFindings.Verdict, result: String)
  ) {
    self.init(claim: claim, test: test, verdict: outcome.verdict, result: outcome.result)
  }
}
