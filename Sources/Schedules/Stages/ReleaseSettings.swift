import Pruning
import Scheduler
import Storage

/// Squeeze and release in the rounds of an `alternate`: what was pruned is left out, unit by unit, and then zeros
/// inside the smaller layers grow back as noise before the round's fine-tuning.
///
///     release: {share: 0.5, noise: 0.1, every: 2}
///
/// A round with it is prune, shrink, release, fine-tune; the next round prunes again. The last round has none, so
/// that the model ends at the sparsity that is asked for.
package struct ReleaseSettings: Sendable, Equatable {
  /// How much grows back, and as what.
  package let release: Release
  /// Every how many rounds, at least 1.
  package let every: Int

  package static var block: Block<ReleaseSettings> {
    Block(
      "release",
      "Squeeze and release: after the pruning of a round units that cannot matter are left out, and removed "
        + "weights inside the smaller layers grow back as noise. The last round has none.",
      .setting(
        "share", \.release.share, .number(.aboveZeroToOne), default: 0.5,
        "The share of the removed weights of each layer that grows back."),
      .setting(
        "noise", \.release.noise, .number(.aboveZeroToOne), default: 0.1,
        "How large they start, as a multiple of the root mean square of the layer's weights."),
      .setting(
        "every", \.every, .integer(1...CurveEnds.maximumRounds), default: 1,
        "Every how many rounds."),
      make: { ReleaseSettings(release: Release(share: $0, noise: $1), every: $2) })
  }

  /// Whether round `number`, from 1, of `count` has one.
  package func takesPlace(inRound number: Int, of count: Int) -> Bool {
    number < count && number % every == 0
  }
}
