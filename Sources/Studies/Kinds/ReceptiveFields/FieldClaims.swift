import Runs
import Storage

/// The claims that a study of receptive fields tests on one network. What counts as confirmed stands here, whatever
/// comes out, and so does what counts as contradicted: that the contrary is significant. All else is open.
struct FieldClaims {
  let results: FieldResults

  private typealias Way = FieldResults.Way
  private typealias Answer = StudyFindings.Answer
  private typealias Verdict = StudyFindings.Verdict

  private let images = Way(inputs: "images", criterion: "magnitude")
  private var last: Int { results.lastRound }

  var answers: [StudyFindings.Answer] {
    [locality, gaussian, kurtosis, removal, elimination]
  }

  private func spread(_ inputs: String = "images", _ criterion: String = "magnitude") -> [UInt64:
    Double]
  {
    results.bySeed(
      "spread_among_read", Way(inputs: inputs, criterion: criterion), round: last)
  }

  private var locality: Answer {
    answer(
      "pruning by magnitude leaves local fields",
      test:
        "In the last round the spread of a unit's pixels, over that of the layer's own connections dealt out at "
        + "random, is below 1 on images, and below what it is where all pixels are in another order: both with "
        + "p < 0.05 in a paired t-test over the seeds. Contradicted where it is above one of them with p < 0.05.",
      FieldDifference(spread(), than: 1), FieldDifference(spread(), spread("permuted"))
    ) {
      (
        Verdict(isConfirmed: $0.isBelow && $1.isBelow, isContradicted: $0.isAbove || $1.isAbove),
        "\($0.text); in another order \($1.text)"
      )
    }
  }

  private var gaussian: Answer {
    answer(
      "local fields need inputs that are not Gaussian",
      test:
        "In the last round the spread among what is read is larger on the Gaussian surrogate than on images, "
        + "with p < 0.05 in a paired t-test over the seeds, and lies on the surrogate less than half as far below 1 "
        + "in the mean. Contradicted where images have local fields and it lies there more than half as far below 1, "
        + "with p < 0.05 in the same test.",
      FieldDifference(spread("gaussian"), spread()), FieldDifference(spread(), than: 1)
    ) { surrogate, images in
      let far = (1 - surrogate.first.mean, 1 - images.first.mean)
      // Half as far below 1 as on images.
      let halfway = spread().mapValues { 1 - (1 - $0) / 2 }
      let isLocalToo = FieldDifference(spread("gaussian"), halfway)?.isBelow == true
      return (
        Verdict(
          isConfirmed: surrogate.isAbove && images.isBelow && far.0 < far.1 / 2,
          isContradicted: images.isBelow && isLocalToo),
        "\(surrogate.text); \(NumberText.fixed(far.0, 3)) below 1 on the surrogate, \(NumberText.fixed(far.1, 3)) "
          + "on images"
      )
    }
  }

  private var kurtosis: Answer {
    func means(_ round: Int) -> Double? {
      let values = results.values("kurtosis", images, round: round)
      return values.isEmpty ? nil : Summary(values).mean
    }
    let rising = (0..<last).count { round in
      guard let before = means(round), let after = means(round + 1) else { return false }
      return after > before
    }
    return answer(
      "the excess kurtosis of pre-activations rises from round to round",
      test:
        "Pruned by magnitude on images, the mean over the first layer's units is larger in the last round than "
        + "before the first pruning, with p < 0.05 in a paired t-test over the seeds, and its mean over the seeds "
        + "rises in two thirds of the rounds at least. Contradicted where it is smaller in the last round with "
        + "p < 0.05.",
      FieldDifference(
        results.bySeed("kurtosis", images, round: last),
        results.bySeed("kurtosis", images, round: 0))
    ) {
      (
        Verdict(
          isConfirmed: $0.isAbove && last > 0 && 3 * rising >= 2 * last,
          isContradicted: $0.isBelow),
        "\($0.text); it rises in \(rising) of \(counted(last, "round"))"
      )
    }
  }

  private var removal: Answer {
    let removed = results.means("raising_removed", images)
    return answer(
      "the weights that magnitude pruning removes are those whose going raises the kurtosis",
      test:
        "On images, the share of the first layer's removed weights whose going alone raises their unit's kurtosis "
        + "is above ½ in the mean over the rounds, and above the same share of the weights that stay: both with "
        + "p < 0.05 in a paired t-test over the seeds. Contradicted where it is below one of them with p < 0.05.",
      FieldDifference(removed, than: 0.5),
      FieldDifference(removed, results.means("raising_kept", images))
    ) {
      (
        Verdict(isConfirmed: $0.isAbove && $1.isAbove, isContradicted: $0.isBelow || $1.isBelow),
        "\($0.text); of those that stay \($1.text)"
      )
    }
  }

  private var elimination: Answer {
    let ranked = spread("images", "ec")
    let magnitude = FieldDifference(ranked, spread()).map { "; with magnitude \($0.text)" } ?? ""
    return answer(
      "the ranking of EC finds local fields too",
      test:
        "In the last round on images the spread among what is read is below that of pruning at random where EC "
        + "ranks, and below 1, both with p < 0.05 in a paired t-test over the seeds. Contradicted where it is above one "
        + "of them with p < 0.05. Beside it stands magnitude.",
      FieldDifference(ranked, spread("images", "random")), FieldDifference(ranked, than: 1)
    ) {
      (
        Verdict(isConfirmed: $0.isBelow && $1.isBelow, isContradicted: $0.isAbove || $1.isAbove),
        "\($0.text); \($1.text)\(magnitude)"
      )
    }
  }

  // MARK: Answers

  private func answer(
    _ claim: String, test: String, _ difference: FieldDifference?,
    judge: (FieldDifference) -> (verdict: Verdict, text: String)
  ) -> Answer {
    guard let difference else { return open(claim, test) }
    return settled(claim, test, judge(difference))
  }

  private func answer(
    _ claim: String, test: String, _ first: FieldDifference?, _ second: FieldDifference?,
    judge: (FieldDifference, FieldDifference) -> (verdict: Verdict, text: String)
  ) -> Answer {
    guard let first, let second else { return open(claim, test) }
    return settled(claim, test, judge(first, second))
  }

  private func settled(
    _ claim: String, _ test: String, _ outcome: (verdict: Verdict, text: String)
  ) -> Answer {
    Answer(
      claim: "\(results.title): \(claim)", test: test, verdict: outcome.verdict,
      result: outcome.text)
  }

  private func open(_ claim: String, _ test: String) -> Answer {
    Answer(
      claim: "\(results.title): \(claim)", test: test, verdict: .open,
      result:
        "not everything that is compared was measured with two seeds at least, or no unit is left there"
    )
  }
}
