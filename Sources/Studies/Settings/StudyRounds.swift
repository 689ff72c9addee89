import Scheduler
import Schedules
import Storage

/// In how many rounds of pruning and fine-tuning a study's networks get to a ratio.
///
///     rounds: 4                # 1 unless stated
///     curve: cubic             # or linear, exponential, cosine: how the ratio grows over the rounds
///
/// It is what an `alternate` of a schedule does. Baselines are fine-tuned as often.
package struct StudyRounds: Sendable, Equatable {
  /// At least 1.
  package let count: Int
  /// Leads to each ratio; of no account in a single round.
  package let curve: SparsityCurve

  /// Two keys of a study.
  static var block: Block<StudyRounds> {
    Block(
      "rounds", "How networks come to a ratio.",
      .setting(
        "rounds", \.count, .integer(1...CurveEnds.maximumRounds), default: 1,
        "In how many rounds of pruning and fine-tuning."),
      .setting(
        "curve", \.curve, formula, default: .standard,
        "How the ratio grows over the rounds."),
      check: { keys, count, _ in
        if let count, count > 1, keys["finetune"] == nil {
          keys.reportMissing("finetune")
        } else if keys["curve"] != nil, keys["rounds"] == nil {
          keys.reportMissing("rounds")
        }
      },
      make: StudyRounds.init)
  }

  /// A curve that leads to a target in a number of rounds. The others say one of the two themselves.
  private static var formula: Form<SparsityCurve> {
    let words = CurveFormula.allCases.map(\.rawValue)
    return Form(.words(words)) { field in
      guard let curve = SparsityCurve.form.read(field) else { return nil }
      if case .formula = curve { return curve }
      field.report(
        .unknownWord(field.plainText ?? curve.name, what: "curve of a study", among: words))
      return nil
    } write: {
      $0.json
    }
  }

  /// All settings, defaults written out.
  var json: JSONValue { ["count": JSONValue(count), "curve": curve.json] }

  /// The weights that are left after each round on the way from `remaining` of `total` to `kept`.
  ///
  /// - Throws: `SparsityError`, which ratios above 0 and below 1 rule out.
  package func totals(from remaining: Int, of total: Int, to kept: Int) throws -> [Int] {
    guard count > 1 else { return [kept] }
    return try RoundTotals(
      curve: curve, remaining: remaining, of: total, to: Sparsity(kept: kept, of: total),
      rounds: count
    ).kept
  }
}
