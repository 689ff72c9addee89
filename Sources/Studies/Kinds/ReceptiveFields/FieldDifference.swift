import Runs
import Storage

/// Two values of each of several seeds, and whether they differ.
struct FieldDifference {
  let first: Summary
  let second: Summary
  /// Of the first minus the second.
  let test: PairedTest

  /// Nil for less than two seeds that have both.
  init?(_ first: [UInt64: Double], _ second: [UInt64: Double]) {
    let seeds = first.keys.filter { second[$0] != nil }.sorted()
    let values = (seeds.compactMap { first[$0] }, seeds.compactMap { second[$0] })
    guard let test = PairedTest(values.1, values.0) else { return nil }
    (self.first, self.second, self.test) = (Summary(values.0), Summary(values.1), test)
  }

  /// The same against one number for all seeds.
  init?(_ first: [UInt64: Double], than level: Double) {
    self.init(first, first.mapValues { _ in level })
  }

  var isSignificant: Bool { test.p < PairedTest.significance }
  var isBelow: Bool { isSignificant && test.meanDifference < 0 }
  var isAbove: Bool { isSignificant && test.meanDifference > 0 }

  /// `0.612 ± 0.004 against 0.981 ± 0.002, p <0.001, 5 seeds`.
  var text: String {
    "\(Self.text(first)) against \(Self.text(second)), p \(NumberText.probability(test.p)), "
      + counted(test.pairs, "seed")
  }

  static func text(_ summary: Summary) -> String {
    NumberText.fixed(summary.mean, 3)
      + (summary.standardError.map { " ± " + NumberText.fixed($0, 3) } ?? "")
  }
}
