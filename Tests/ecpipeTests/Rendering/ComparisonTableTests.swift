import Testing
import ecpipe

@Suite("The table of a comparison")
struct ComparisonTableTests {
  @Test("has at most four ratios, evenly spread, the last among them")
  func ratios() {
    #expect(ComparisonTable.chosen([0.5, 0.9]) == [0.5, 0.9])
    #expect(
      ComparisonTable.chosen([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]) == [
        0.2, 0.5, 0.7, 0.95,
      ])
  }
}
