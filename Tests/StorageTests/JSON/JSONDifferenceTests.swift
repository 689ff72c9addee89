import Storage
import Testing

@Suite("JSONDifference") struct JSONDifferenceTests {
  @Test("every difference, by its path, in the order of the paths")
  func differences() throws {
    let before: JSONValue = [
      "same": [1, 2], "a": 1, "gone": true, "inner": ["x": "old", "y": 1.5], "list": [1, 2],
      "kind": ["a": 1],
    ]
    let now: JSONValue = [
      "same": [1, 2], "a": 2, "new": .null, "inner": ["x": "new", "y": 1.5, "z": 0], "list": [1],
      "kind": "b",
    ]
    let all = JSONDifference.all(from: before, to: now)
    #expect(
      all.map(\.description) == [
        "a was 1 and is 2", "gone is gone, it was true", "inner.x was \"old\" and is \"new\"",
        "inner.z is new: 0", "kind was {\"a\":1} and is \"b\"", "list was [1,2] and is [1]",
        "new is new: null",
      ])
    #expect(all.map(\.path) == ["a", "gone", "inner.x", "inner.z", "kind", "list", "new"])
    #expect(all[0].before == 1 && all[0].now == 2)
    #expect(all[1].now == nil && all[3].before == nil)
  }

  @Test("objects in lists of one length are compared one by one; other lists are whole values")
  func lists() {
    let before: JSONValue = ["stages": [["train": ["epochs": 3]], ["prune": ["to": 0.5]]]]
    #expect(
      JSONDifference.all(
        from: before, to: ["stages": [["train": ["epochs": 4]], ["prune": ["to": 0.5]]]]
      ).map(\.description) == ["stages[0].train.epochs was 3 and is 4"])
    #expect(
      JSONDifference.all(from: before, to: ["stages": [["train": ["epochs": 3]]]]).map(\.path) == [
        "stages"
      ])
    #expect(JSONDifference.all(from: [["a": 1]], to: [["a": 2]]).map(\.path) == ["[0].a"])
  }

  @Test("nothing differs from itself; whole values may differ")
  func edges() {
    #expect(JSONDifference.all(from: ["a": 1], to: ["a": 1]).isEmpty)
    #expect(
      JSONDifference.all(from: 1, to: 2).map(\.description) == ["the whole was 1 and is 2"])
    #expect(JSONDifference.all(from: [:], to: ["a": ["b": 1]]).map(\.path) == ["a"])
  }
}
