/// How far raters agree about what subjects are, beyond what chance gives: 1 for full agreement, 0 for chance.
///
/// Source: Fleiss, "Measuring nominal scale agreement among many raters", Psychological Bulletin 76, 1971.
package enum FleissKappa {
  /// - Parameter ratings: one list a subject, with the category that each rater gives it; as many for all.
  /// - Returns: nil without subjects, with fewer than two raters, or where all ratings are the same.
  package static func value<Category: Hashable>(_ ratings: [[Category]]) -> Double? {
    guard let raters = ratings.first?.count, raters >= 2 else { return nil }
    precondition(ratings.allSatisfy { $0.count == raters }, "a rating of every rater")
    let all = Double(ratings.count * raters)
    var agreement = 0.0
    var counts: [Category: Int] = [:]
    for own in ratings {
      var mine: [Category: Int] = [:]
      for category in own {
        mine[category, default: 0] += 1
        counts[category, default: 0] += 1
      }
      // Counts of pairs, which no order changes.
      let pairs = mine.values.reduce(0) { $0 + $1 * ($1 - 1) }
      agreement += Double(pairs) / Double(raters * (raters - 1))
    }
    let squares = counts.values.reduce(0) { $0 + $1 * $1 }
    let chance = Double(squares) / (all * all)
    guard chance < 1 else { return nil }
    return (agreement / Double(ratings.count) - chance) / (1 - chance)
  }
}
