/// A pattern of names: `*` stands for any characters, also none, and `?` for exactly one.
enum NamePattern {
  /// Whether `text` is a pattern, not a plain name.
  static func isPattern(_ text: String) -> Bool { text.utf8.contains { $0 == 0x2a || $0 == 0x3f } }

  /// Whether the whole of `name` fits `pattern`.
  ///
  /// On a mismatch only the latest `*` has to take one character more, so the time is at most the
  /// product of the two lengths.
  static func matches(_ pattern: String, _ name: String) -> Bool {
    let pattern = Array(pattern)
    let name = Array(name)
    var (p, n) = (0, 0)
    var star: (after: Int, taken: Int)?
    while n < name.count {
      if p < pattern.count, pattern[p] == "*" {
        p += 1
        star = (p, n)
      } else if p < pattern.count, pattern[p] == "?" || pattern[p] == name[n] {
        p += 1
        n += 1
      } else if let last = star {
        star = (last.after, last.taken + 1)
        (p, n) = (last.after, last.taken + 1)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }
}
