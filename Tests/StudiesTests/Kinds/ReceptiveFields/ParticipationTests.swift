import Studies
import Testing

@Suite("Participation") struct ParticipationTests {
  @Test("counts those that take part")
  func counts() throws {
    #expect(Participation.effectiveCount(of: [2, 2, 0, 2]) == 3)
    #expect(Participation.effectiveCount(of: [0, 5]) == 1)
    #expect(Participation.effectiveCount(of: [0, 0]) == nil)
    #expect(Participation.effectiveCount(of: []) == nil)
    // (0.5 + 2 + 1 + 1.5)² / (0.25 + 4 + 1 + 2.25)
    let value = try #require(Participation.effectiveCount(of: [0.5, 0, 2, 1, 1.5]))
    #expect(abs(value - 10.0 / 3) < 1e-12)
  }
}
