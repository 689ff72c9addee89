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

  /// Reads the keys `rounds` and `curve` of a study; nil where something is wrong, which is reported.
  init?(decoding keys: KeyedFields) {
    let count = keys["rounds"].map { $0.integer(1...CurveEnds.maximumRounds) } ?? 1
    let curve = keys["curve"].map { Self.readCurve($0) } ?? .standard
    guard let count, let curve else { return nil }
    if count > 1, keys["finetune"] == nil {
      keys.reportMissing("finetune")
      return nil
    }
    if keys["curve"] != nil, keys["rounds"] == nil {
      keys.reportMissing("rounds")
      return nil
    }
    self.count = count
    self.curve = curve
  }

  private static func readCurve(_ field: Field) -> SparsityCurve? {
    guard let curve = SparsityCurve(decoding: field) else { return nil }
    // The others say themselves in how many rounds, or to what, which here every cell has.
    if case .formula = curve { return curve }
    field.report(
      .unknownWord(
        field.plainText ?? curve.name, what: "curve of a study",
        among: CurveFormula.allCases.map(\.rawValue)))
    return nil
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
