import Studies
import Testing

@Suite("Studies whose networks learn nothing")
struct StudyTableLearningTests {
  private func table(_ results: [(dataset: String, result: StudyResult)]) -> StudyTable {
    StudyTable(
      rows: results.enumerated().map { index, row in
        StudyTable.Row(
          identity: StudyCellIdentity(
            dataset: row.dataset, model: "5-3", criterion: "ec", metric: nil,
            compensation: "none", budget: "erk", ratio: 0.1, seed: UInt64(index)),
          result: row.result)
      })
  }

  private func classified(_ before: Double?, _ after: Double?) -> StudyResult {
    StudyResult(accuracyBefore: before, accuracyAfter: after, seconds: 1)
  }

  private func measured(_ r2: Double) -> StudyResult {
    var result = StudyResult(seconds: 1)
    result.r2Before = r2
    result.r2After = r2 - 1
    return result
  }

  @Test("the best network of each data set is compared with the largest class")
  func classes() {
    let results = table([
      ("a", classified(0.2, 0.5)), ("a", classified(nil, 0.4)), ("b", classified(0.51, 0.1)),
    ])
    let warnings = results.learningWarnings(guesses: ["a": 0.5, "b": 0.5])
    #expect(warnings.count == 1)
    #expect(
      warnings[0].hasPrefix(
        "a: no network is better on the test part than saying the largest class of every row, which is right in "
          + "50.00 % (the best is right in 50.00 %)"))
    #expect(results.learningWarnings(guesses: ["a": 0.49, "b": 0.5]).isEmpty)
  }

  @Test("values are compared with their mean")
  func values() {
    let warnings = table([("a", measured(-1e80)), ("a", measured(-0.5)), ("b", measured(0.1))])
      .learningWarnings(guesses: [:])
    #expect(warnings.count == 1)
    #expect(
      warnings[0].hasPrefix(
        "a: no network is better on the test part than saying the mean of every row (the best has r² -0.5000); "
      ))
  }

  @Test("where nothing of that was measured, nothing is said")
  func nothing() {
    let results = table([("a", StudyResult(lossAfter: 1, seconds: 1))])
    #expect(results.learningWarnings(guesses: ["a": 0.5]).isEmpty)
    #expect(results.learningWarnings(guesses: [:]).isEmpty)
    #expect(table([]).learningWarnings(guesses: ["a": 0.5]).isEmpty)
  }
}
