import Storage
import Testing

@Suite("nearestWord") struct NearestWordTests {
  @Test(
    "the least edit distance wins, whatever the case",
    arguments: [
      ("learning_rat", "learning_rate"), ("epoch", "epochs"), ("curve", "curve"),
      ("currve", "curve"), ("cruve", "curve"), ("stpes", "steps"), ("CURVES", "curve"),
      ("idden12", "hidden12"),
    ])
  func nearest(text: String, expected: String) {
    let words = ["learning_rate", "epochs", "curve", "steps", "hidden12"]
    #expect(nearestWord(to: text, among: words) == expected)
  }

  @Test(
    "what has neither the first letter nor two pairs of letters of a word is near none",
    arguments: ["", "xyz", "urge"])
  func none(text: String) {
    #expect(nearestWord(to: text, among: ["label", "kind", "curve"]) == nil)
  }

  @Test("the first of equals wins, and of no words none")
  func ties() {
    #expect(nearestWord(to: "ab", among: ["ac", "ad"]) == "ac")
    #expect(nearestWord(to: "ab", among: []) == nil)
  }

  @Test("words of any length take little time")
  func long() {
    let long = String(repeating: "x", count: 1_000_000)
    #expect(nearestWord(to: long, among: [long, "y"]) == long)
  }
}
