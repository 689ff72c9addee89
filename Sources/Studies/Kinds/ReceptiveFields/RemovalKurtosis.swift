import Engine

/// What the removal of single weights does to the kurtosis of the units that they belong to: of the weights that
/// a pruning takes, and of those that it leaves.
package struct RemovalKurtosis: Sendable, Equatable {
  /// Share of the removed weights each of whose going alone raises its unit's kurtosis; nil where none is known.
  package let raisingAmongRemoved: Double?
  /// The same share of the weights that stay.
  package let raisingAmongKept: Double?
  /// The probability that the change of a removed weight is above that of one that stays, both drawn at random;
  /// ties count half (the area under the curve of Mann and Whitney). ½ where they do not differ.
  package let separation: Double?

  /// - Parameters:
  ///   - moments: of the layer before the pruning.
  ///   - before: the weights that there were.
  ///   - after: those that are left.
  package init(_ moments: PreActivationMoments, from before: Mask, to after: Mask) {
    precondition(before.rows == moments.units && before.columns == moments.inputs)
    precondition(after.isSubset(of: before))
    var (removed, kept) = ([Double](), [Double]())
    for place in before.keptIndices {
      let (unit, input) = place.quotientAndRemainder(dividingBy: before.columns)
      guard let rise = moments.rise(ofUnit: unit, without: input) else { continue }
      if after[place] { kept.append(rise) } else { removed.append(rise) }
    }
    raisingAmongRemoved = Self.share(removed)
    raisingAmongKept = Self.share(kept)
    separation = Self.separation(of: removed, from: kept)
  }

  private static func share(_ rises: [Double]) -> Double? {
    rises.isEmpty ? nil : Double(rises.count { $0 > 0 }) / Double(rises.count)
  }

  /// (R − n (n + 1) / 2) / (n m) for the sum R of the ranks of `first` among both.
  package static func separation(of first: [Double], from second: [Double]) -> Double? {
    guard !first.isEmpty, !second.isEmpty else { return nil }
    let all = (first.map { ($0, true) } + second.map { ($0, false) }).sorted { $0.0 < $1.0 }
    var ranks = 0.0
    var start = 0
    while start < all.count {
      var end = start + 1
      while end < all.count, all[end].0 == all[start].0 { end += 1 }
      // Ranks count from 1; equal values share the mean of theirs.
      let rank = Double(start + end + 1) / 2
      ranks += rank * Double(all[start..<end].count { $0.1 })
      start = end
    }
    let (n, m) = (Double(first.count), Double(second.count))
    return (ranks - n * (n + 1) / 2) / (n * m)
  }
}
