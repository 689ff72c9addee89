/// Why a night ended without a network to decide on.
package enum NightFailure: Error, Equatable {
  /// The schedule has no `nightly`.
  case notNightly(schedule: String)
  /// Rows would change sides between nights, so that a network could be judged by rows that it has seen.
  case unstableSplit(schedule: String)
  /// Sparsities would count from a smaller network every night.
  case shrinksChampion(schedule: String)
  /// Several targets, and a metric that is of one.
  case severalTargets(schedule: String, reason: String)
  /// The data are not fit to be trained on, for these reasons.
  case dataRefused([String])
  /// A command of `hooks: before` failed.
  case hookFailed(String)

  /// The documented exit code.
  package var exitCode: Int32 {
    switch self {
    case .notNightly, .unstableSplit, .shrinksChampion, .severalTargets, .dataRefused: 65
    case .hookFailed: 1
    }
  }
}

extension NightFailure: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notNightly(let schedule):
      "\(schedule): it has no nightly: block, so it is no job of every night; add one (nightly: {} has all "
        + "defaults), or run it without --nightly"
    case .unstableSplit(let schedule):
      "\(schedule): data.split: rows that judge a network one night could be trained on the next; write "
        + "by: content or by: {column: NAME} beside the shares, or give the parts files of their own"
    case .shrinksChampion(let schedule):
      "\(schedule): a shrink stage, or release, makes the network smaller that the next night begins with, and then each "
        + "night's sparsity would count from fewer weights; leave it out, since exports shrink by themselves, or "
        + "write nightly: {start: cold}"
    case .severalTargets(let schedule, let reason): "\(schedule): \(reason)"
    case .dataRefused(let reasons):
      "the data were refused: " + reasons.joined(separator: "; ")
    case .hookFailed(let reason): "hooks: before: \(reason)"
    }
  }
}
