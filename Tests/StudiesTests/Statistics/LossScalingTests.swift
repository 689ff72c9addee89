import Studies
import Testing

@Suite("How losses go with samples") struct LossScalingTests {
  private func course(_ losses: [Double]) -> LossScaling.Course? {
    LossScaling(sizes: PowerLawFitTests.sizes, losses: losses)?.course
  }

  @Test("A power law falls, with a floor and without, noise stays, and what grows grows")
  func courses() {
    #expect(course(PowerLawFitTests.falling) == .falls)
    #expect(course(PowerLawFitTests.fallingToZero) == .falls)
    #expect(course(PowerLawFitTests.constant) == .stays)
    #expect(course(PowerLawFitTests.growing) == .grows)
  }

  @Test("Too few sizes have none")
  func none() {
    #expect(LossScaling(sizes: [1, 2, 4, 4], losses: [4, 3, 2, 2]) == nil)
  }
}
