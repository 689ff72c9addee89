import Scheduler
import Testing

@Suite("nearestName") struct NearestNameTests {
  @Test(
    "the least edit distance wins",
    arguments: [
      ("learning_rat", "learning_rate"), ("epoch", "epochs"), ("curve", "curve"),
      ("currve", "curve"), ("", "curve"), ("cruve", "curve"), ("stpes", "steps"),
    ])
  func nearest(name: String, expected: String) {
    #expect(
      nearestName(to: name, among: ["learning_rate", "epochs", "curve", "steps"]) == expected)
  }

  @Test("the first of equals wins, and of no names none")
  func ties() {
    #expect(nearestName(to: "ab", among: ["ac", "ad"]) == "ac")
    #expect(nearestName(to: "ab", among: []) == nil)
  }

  @Test("names of any length take little time")
  func long() {
    let long = String(repeating: "x", count: 1_000_000)
    #expect(nearestName(to: long, among: [long, "y"]) == long)
  }
}
