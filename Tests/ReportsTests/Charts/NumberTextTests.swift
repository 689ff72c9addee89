import Runs
import Testing
import Reports
import Storage

@Suite("Numbers on a page")
struct NumberTextTests {
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

  @Test("tell small probabilities as bounds")
  func probabilities() {
    #expect(NumberText.probability(0.0314) == "0.031")
    #expect(NumberText.probability(0.0009) == "<0.001")
  }
}
