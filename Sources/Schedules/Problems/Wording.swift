/// `text` in quotes, cut short where it is long.
package func quoted(_ text: String) -> String { "\"" + shortened(text) + "\"" }

/// At most 60 characters of `text`, on one line and without anything a terminal would obey.
package func shortened(_ text: String) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars.prefix(60) {
    switch scalar.value {
    case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069:
      result.append(" ")
    default: result.append(scalar)
    }
  }
  let isWhole = text.unicodeScalars.dropFirst(60).isEmpty
  return String(result) + (isWhole ? "" : "…")
}

/// Names in a row, the first twenty of them.
package func listed(_ names: [String]) -> String {
  let rest = names.count > 20 ? " and \(names.count - 20) more" : ""
  return names.prefix(20).map(shortened).joined(separator: ", ") + rest
}

/// The nearest name as a question, if there is one, and all that are allowed.
package func choices(_ allowed: [String], nearest: String?) -> String {
  (nearest.map { "; did you mean \(quoted($0))? Allowed: " } ?? "; allowed: ") + listed(allowed)
}
