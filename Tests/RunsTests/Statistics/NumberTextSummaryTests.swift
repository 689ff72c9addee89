import Runs
import Storage
import Testing

@Suite("Means in words")
struct NumberTextSummaryTests {
  @Test(
    "have as many digits as their standard error says",
    arguments: [
      ([0.1, 0.2, 0.3], "0.200 ± 0.058"), ([0.5], "0.5"), ([1.0, 1.0], "1"),
      ([62.57309941520467, 62.57309941520468, 62.57309941520467], "62.57"),
      ([1000.0, 1200], "1100 ± 100"), ([1e-9, 2e-9], "1.5e-09 ± 5e-10"),
    ])
  func means(values: [Double], text: String) {
    #expect(NumberText.mean(Summary(values)) == text)
  }
}
