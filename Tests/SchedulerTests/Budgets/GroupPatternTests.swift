import Scheduler
import Testing

@Suite("GroupPattern") struct GroupPatternTests {
  @Test(
    "a shorter group keeps the same share, rounded up",
    arguments: [
      (2, 4, 0, 0), (2, 4, 1, 1), (2, 4, 2, 1), (2, 4, 3, 2), (2, 4, 4, 2), (2, 4, 8, 4),
      (2, 4, 9, 5), (1, 4, 3, 1), (3, 4, 5, 4), (1, 1024, 1, 1), (1023, 1024, 1024, 1023),
      (1023, 1024, 2047, 2046),
    ])
  func kept(keep: Int, size: Int, inputs: Int, expected: Int) {
    #expect(GroupPattern(keep: keep, of: size).kept(ofRow: inputs) == expected)
  }

  @Test("rows keep what their groups keep, never nothing and never more than they have")
  func sums() {
    for size in 2...9 {
      for keep in 1..<size {
        let pattern = GroupPattern(keep: keep, of: size)
        for inputs in 0...30 {
          let groups = stride(from: 0, to: inputs, by: size).map { min(size, inputs - $0) }
          let kept = groups.reduce(0) { $0 + pattern.kept(ofGroup: $1) }
          #expect(pattern.kept(ofRow: inputs) == kept)
          #expect(kept <= inputs && (inputs == 0 || kept > 0))
        }
      }
    }
  }

  @Test("is written as n:m")
  func text() {
    #expect("\(GroupPattern(keep: 2, of: 4))" == "2:4")
  }
}
