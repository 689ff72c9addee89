import Formats
import Testing

@Suite("nearestColumn")
struct NearestColumnTests {
  @Test(
    "finds what was most likely meant, or nothing",
    arguments: [
      ("lable", "label"), ("LABEL", "label"), ("kin", "kind"), ("xyz", nil), ("", "a"),
      ("learning_rat", "learning_rate"), ("b", "a"),
    ])
  func nearest(wanted: String, expected: String?) {
    let names = ["a", "label", "kind", "learning_rate"]
    #expect(nearestColumn(to: wanted, among: names) == expected)
  }

  @Test("takes the first of equally near names, and nothing among none")
  func ties() {
    #expect(nearestColumn(to: "cat", among: ["bat", "rat"]) == "bat")
    #expect(nearestColumn(to: "cat", among: []) == nil)
  }
}
