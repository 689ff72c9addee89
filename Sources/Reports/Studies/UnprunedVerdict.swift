import Storage
import Studies

/// Whether the reference method is better than the dense networks that it was pruned from, as good, or worse,
/// ratio by ratio, by one measure.
package struct UnprunedVerdict {
  private let comparison: StudyComparison
  private let measure: StudyComparison.Measure

  /// The verdicts of `comparison`: by the loss and by what stands for the quality, behind fine-tuning where there
  /// is any.
  package static func all(_ comparison: StudyComparison) -> [UnprunedVerdict] {
    let isTuned = comparison.has(.lossAfter)
    return StudyComparison.Measure.allCases.filter {
      $0.isBefore != isTuned && !["mae", "r²"].contains($0.quantity)
    }.compactMap { UnprunedVerdict(comparison, $0) }
  }

  /// Nil where nothing is tested.
  package init?(_ comparison: StudyComparison, _ measure: StudyComparison.Measure) {
    guard comparison.subjects.indices.contains(comparison.reference),
      comparison.ratios.contains(where: {
        comparison.testAgainstUnpruned(measure, of: comparison.reference, at: $0) != nil
      })
    else { return nil }
    self.comparison = comparison
    self.measure = measure
  }

  /// "ec against unpruned, test loss after fine-tuning: at 0.5 not told apart (p 0.41), at 0.9 worse (p 0.002)".
  package var text: String {
    let found = comparison.ratios.compactMap { ratio -> String? in
      guard
        let test = comparison.testAgainstUnpruned(
          measure, of: comparison.reference, at: ratio)
      else { return nil }
      return "at \(ratio) \(Self.word(test, measure)) (p \(NumberText.probability(test.p)))"
    }
    return
      "\(comparison.subjects[comparison.reference].title) against unpruned, test \(measure.quantity) "
      + "\(measure.isBefore ? "before" : "after") fine-tuning: \(found.joined(separator: ", "))"
  }

  /// The same as a sentence of a page.
  package var sentence: String {
    text + ". A two-sided paired t-test over the seeds, not corrected for the number of tests."
  }

  private static func word(_ test: PairedTest, _ measure: StudyComparison.Measure) -> String {
    guard test.p < PairedTest.significance else { return "not told apart" }
    return test.referenceIsBetter(measure) ? "worse" : "better"
  }
}
