import Testing
import Reports
import Storage

@Suite("Numbers on a page")
struct NumberTextTests {
  @Test("tell small probabilities as bounds")
  func probabilities() {
    #expect(NumberText.probability(0.0314) == "0.031")
    #expect(NumberText.probability(0.0009) == "<0.001")
  }
}
