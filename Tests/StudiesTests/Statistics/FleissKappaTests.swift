import Studies
import Testing

@Suite("Fleiss' kappa") struct FleissKappaTests {
  @Test("The worked example of Fleiss's method: ten subjects, fourteen raters, five categories")
  func example() throws {
    // The table of en.wikipedia.org/wiki/Fleiss'_kappa, whose kappa is 0.210.
    let counts = [
      [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
      [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]
    let ratings = counts.map { own in
      own.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
    }
    let kappa = try #require(FleissKappa.value(ratings))
    #expect(abs(kappa - 0.20993) < 1e-5)
  }

  @Test("Full agreement about several categories is 1")
  func full() {
    #expect(FleissKappa.value([["a", "a"], ["b", "b"]]) == 1)
  }

  @Test("A single rater, a single category or no subject have none")
  func none() {
    #expect(FleissKappa.value([["a"], ["b"]]) == nil)
    #expect(FleissKappa.value([["a", "a"], ["a", "a"]]) == nil)
    #expect(FleissKappa.value([[String]]()) == nil)
  }
}
