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

  @Test(
    "bytes are in the unit that suits",
    arguments: [
      (0, "0 bytes"), (1023, "1023 bytes"), (1024, "1.0 KiB"), (635_277, "620.4 KiB"),
      (1 << 20, "1.0 MiB"), (5 << 29, "2.5 GiB"), (3 << 41, "6.0 TiB"),
    ])
  func bytes(count: Int, text: String) { #expect(NumberText.bytes(count) == text) }
}
