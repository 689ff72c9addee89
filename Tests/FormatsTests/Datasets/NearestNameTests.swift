import Formats
import Testing

@Suite("nearestName")
struct NearestNameTests {
  @Test(
    "finds what was most likely meant, or nothing",
    arguments: [
      ("lable", "label"), ("LABEL", "label"), ("kin", "kind"), ("xyz", nil), ("", "a"),
      ("learning_rat", "learning_rate"), ("b", "a"),
    ])
  func nearest(wanted: String, expected: String?) {
    let names = ["a", "label", "kind", "learning_rate"]
    #expect(nearestName(to: wanted, among: names) == expected)
  }

  @Test("takes the first of equally near names, and nothing among none")
  func ties() {
    #expect(nearestName(to: "cat", among: ["bat", "rat"]) == "bat")
    #expect(nearestName(to: "cat", among: []) == nil)
  }
}
