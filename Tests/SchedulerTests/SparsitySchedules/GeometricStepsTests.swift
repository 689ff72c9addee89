import Scheduler
import Testing

@Suite("Geometric steps")
struct GeometricStepsTests {
  @Test("keep the same share each, and end at the target")
  func shares() {
    #expect(GeometricSteps.counts(from: 1000, to: 125, steps: 3) == [500, 250, 125])
    #expect(GeometricSteps.counts(from: 266_200, to: 26_620, steps: 1) == [26_620])
    #expect(GeometricSteps.counts(from: 100, to: 1, steps: 2) == [10, 1])
  }

  @Test("never rise, never pass the target", arguments: [1, 2, 7, 50, 1000])
  func monotone(steps: Int) {
    for (start, target) in [(50_200, 1004), (10, 9), (7, 7), (3, 0), (0, 0), (1, 1)] {
      let counts = GeometricSteps.counts(from: start, to: target, steps: steps)
      #expect(counts.count == steps && counts.last == target)
      #expect(zip([start] + counts, counts).allSatisfy { $0 >= $1 })
      #expect(counts.allSatisfy { $0 >= target })
    }
  }
}
