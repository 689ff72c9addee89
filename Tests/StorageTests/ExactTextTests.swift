import Storage
import Testing

@Suite("Texts by their bytes") struct ExactTextTests {
  @Test("are equal where their bytes are, not where they look the same")
  func equality() {
    let (one, two) = ("caf\u{E9}", "cafe\u{301}")
    #expect(one == two)
    #expect(ExactText(one) != ExactText(two))
    #expect(ExactText(one) == ExactText("caf\u{E9}"))
    #expect(Set([ExactText(one), ExactText(two), ExactText(one)]).count == 2)
  }

  @Test("are distinct where none is there twice")
  func distinct() {
    #expect(["caf\u{E9}", "cafe\u{301}"].areDistinct)
    #expect(!["a", "b", "a"].areDistinct)
  }
}
