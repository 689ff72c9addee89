import Scheduler

/// In what portions a budget lets weights go: `weight`, `unit`, or n of m in every group.
///
///     granularity: unit
///     granularity: {n_of_m: {keep: 2, of: 4}}
extension PruningGranularity {
  private static let words = ["weight", "unit", "n_of_m"]

  /// - Returns: nil where something is wrong; it is reported.
  package init?(decoding field: Field) {
    guard let (word, settings) = field.choice("granularity", of: Self.words) else { return nil }
    if word == "n_of_m" {
      guard let pattern = Self.pattern(settings, in: field) else { return nil }
      self = .groups(pattern)
      return
    }
    if let settings, settings.keys([]) == nil { return nil }
    self = word == "unit" ? .unit : .weight
  }

  /// Reads a command line's word: `weight`, `unit`, or n and m as in `2:4`; nil for any other.
  package init?(word: String) {
    switch word {
    case "weight": self = .weight
    case "unit": self = .unit
    default:
      let numbers = word.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
      guard numbers.count == 2, let keep = numbers[0], let size = numbers[1],
        2...GroupPattern.largestSize ~= size, keep >= 1, keep < size
      else { return nil }
      self = .groups(GroupPattern(keep: keep, of: size))
    }
  }

  private static func pattern(_ settings: Field?, in field: Field) -> GroupPattern? {
    guard let settings else {
      field.reportKind(expected: "n_of_m with its numbers, such as {n_of_m: {keep: 2, of: 4}}")
      return nil
    }
    guard let keys = settings.keys(["keep", "of"]) else { return nil }
    let size = keys.required("of").flatMap { $0.integer(2...GroupPattern.largestSize) }
    let keep = keys.required("keep").flatMap {
      $0.integer(1...((size ?? GroupPattern.largestSize) - 1))
    }
    guard let keep, let size else { return nil }
    return GroupPattern(keep: keep, of: size)
  }
}
