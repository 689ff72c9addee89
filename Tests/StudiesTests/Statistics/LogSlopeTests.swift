import Studies
import Testing

@Suite("Slopes of losses") struct LogSlopeTests {
  // scipy 1.17.1: l = linregress(log(N), log(y)), l.slope ± t.ppf(.975, 10)·l.stderr.
  @Test("Slope and interval are scipy's")
  func golden() throws {
    let known = [
      (PowerLawFitTests.falling, -0.19494564501269532, -0.22110079527026197, -0.16879049475512867),
      (
        PowerLawFitTests.constant, 0.0001306743849469059, -0.002598479266691226,
        0.0028598280365850375
      ),
      (PowerLawFitTests.growing, 0.15005648585696998, 0.14868893175007908, 0.1514240399638609),
    ]
    for (losses, slope, low, high) in known {
      let own = try #require(LogSlope(sizes: PowerLawFitTests.sizes, losses: losses))
      #expect(abs(own.slope - slope) < 1e-9)
      #expect(abs(own.interval.lowerBound - low) < 1e-9)
      #expect(abs(own.interval.upperBound - high) < 1e-9)
    }
  }

  @Test("Two measurements, one size or a loss of 0 have no slope")
  func none() {
    #expect(LogSlope(sizes: [1, 2], losses: [1, 2]) == nil)
    #expect(LogSlope(sizes: [2, 2, 2], losses: [1, 2, 3]) == nil)
    #expect(LogSlope(sizes: [1, 2, 3], losses: [1, 0, 3]) == nil)
  }
}
