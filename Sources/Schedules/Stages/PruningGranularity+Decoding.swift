import Scheduler

/// In what portions a budget lets weights go: `weight`, `unit`, or n of m in every group.
///
///     granularity: unit
///     granularity: {n_of_m: {keep: 2, of: 4}}
extension PruningGranularity {
  package static var form: Form<PruningGranularity> {
    .choice(
      "granularity",
      [
        Case("weight", .weight, "Single weights."), Case("unit", .unit, "Whole hidden units."),
        Case(
          "n_of_m", groups, alone: "n_of_m with its numbers, such as {n_of_m: {keep: 2, of: 4}}",
          wrap: { .groups($0) }, unwrap: \.pattern),
      ])
  }

  private static var groups: Block<GroupPattern> {
    let sizes = 2...GroupPattern.largestSize
    let keep: Part<GroupPattern, Int> = .setting(
      "keep", \.keep, .integer(1...(sizes.upperBound - 1)), examples: [1, 2],
      "How many weights of a group stay, fewer than it has."
    ) { field, keys in
      let size = keys["of"].flatMap(Form.integer(sizes).read) ?? sizes.upperBound
      return Form.integer(1...(size - 1)).read(field)
    }
    let size: Part<GroupPattern, Int> = .setting(
      "of", \.size, .integer(sizes), examples: [4, 8],
      "How many neighbours along a row are a group.")
    return Block("granularity n_of_m", "The same number of every group stays.", keep, size) {
      GroupPattern(keep: $0, of: $1)
    }
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
}
