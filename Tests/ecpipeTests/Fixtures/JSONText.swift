import Foundation
import Testing

/// JSON as a command printed it, read by Foundation.
struct JSONText {
  let object: [String: Any]
  private let text: String

  /// - Throws: when `text` is not one JSON object.
  init(_ text: String) throws {
    self.text = text
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
    object = try #require(value as? [String: Any])
  }

  /// The names of the object's members, sorted.
  var names: [String] { object.keys.sorted() }

  /// The objects in the member `name`, a list.
  func objects(_ name: String) throws -> [[String: Any]] {
    try #require(object[name] as? [[String: Any]])
  }

  /// Whether the members of every object stand in the order of their names: one a line, an object's at
  /// the same depth, as the commands print them.
  var hasSortedNames: Bool {
    var previous: [Int: String] = [:]
    for line in text.split(separator: "\n") {
      let depth = line.prefix { $0 == " " }.count
      let rest = line.dropFirst(depth)
      // Whatever stands further out ends the objects further in.
      previous = previous.filter { $0.key <= depth }
      guard rest.hasPrefix("\""), let end = rest.dropFirst().firstIndex(of: "\""),
        rest[rest.index(after: end)...].hasPrefix(":")
      else { continue }
      let name = String(rest[rest.index(after: rest.startIndex)..<end])
      if let before = previous[depth], before >= name { return false }
      previous[depth] = name
    }
    return true
  }
}

/// The member `layers` of a stage: a list of objects with a name and counts.
struct LayerCounts: Equatable {
  /// In the order of the network.
  let names: [String]
  let weights: [String: Int]
  let totals: [String: Int]

  /// nil unless every layer of `stage` has exactly these members.
  init?(_ stage: [String: Any]) {
    guard let layers = stage["layers"] as? [[String: Any]] else { return nil }
    let names = layers.compactMap { $0["name"] as? String }
    guard layers.allSatisfy({ $0.keys.sorted() == ["name", "total", "weights"] }),
      names.count == layers.count
    else { return nil }
    self.names = names
    weights = Dictionary(zip(names, layers.compactMap { $0["weights"] as? Int })) { $1 }
    totals = Dictionary(zip(names, layers.compactMap { $0["total"] as? Int })) { $1 }
  }
}
