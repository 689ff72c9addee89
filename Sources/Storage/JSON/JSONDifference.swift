/// One value in a JSON document that is not what it was.
package struct JSONDifference: Sendable, Equatable {
  /// The keys that lead to it, joined by dots, with indices from 0 in lists of objects; empty when the whole is
  /// another.
  package let path: String
  /// The value before; nil where there was none.
  package let before: JSONValue?
  /// The value now; nil where there is none.
  package let now: JSONValue?

  /// All values in which `now` differs from `before`, in the order of their paths.
  package static func all(from before: JSONValue, to now: JSONValue) -> [JSONDifference] {
    compare(before, now, path: "")
  }

  private static func compare(
    _ before: JSONValue?, _ now: JSONValue?, path: String
  ) -> [JSONDifference] {
    if before == now { return [] }
    if let old = before?.arrayValue, let new = now?.arrayValue, old.count == new.count,
      old.contains(where: { $0.objectValue != nil })
    {
      return old.indices.flatMap { compare(old[$0], new[$0], path: "\(path)[\($0)]") }
    }
    guard let old = before?.objectValue, let new = now?.objectValue else {
      return [JSONDifference(path: path, before: before, now: now)]
    }
    let names = old.names + new.names.filter { old[$0] == nil }
    return names.sorted().flatMap { name in
      compare(old[name], new[name], path: path.isEmpty ? name : path + "." + name)
    }
  }
}

extension JSONDifference {
  /// Differences that are told.
  private static let mostTold = 3

  /// The first of several differences in words, and how many more there are.
  package static func listed(_ texts: [String]) -> String {
    let more = texts.count - mostTold
    return texts.prefix(mostTold).joined(separator: "; ") + (more > 0 ? "; and \(more) more" : "")
  }
}

extension JSONDifference: CustomStringConvertible {
  package var description: String {
    let name = path.isEmpty ? "the whole" : path
    switch (before, now) {
    case (nil, let now?): return "\(name) is new: \(now.canonical)"
    case (let before?, nil): return "\(name) is gone, it was \(before.canonical)"
    case (let before?, let now?):
      return "\(name) was \(before.canonical) and is \(now.canonical)"
    case (nil, nil): return name
    }
  }
}
