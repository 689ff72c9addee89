/// Which numbers a key takes; infinities, as `1e999` reads, are in no range.
package enum NumberRange: Sendable {
  /// Above 0.
  case positive
  /// 0 and above.
  case notNegative
  /// Above 0 and below 1.
  case openUnit
  /// At least 0 and below 1.
  case belowOne
  /// Above 0 and at most 1.
  case aboveZeroToOne
  /// From 0 to 1.
  case unit

  package func contains(_ value: Double) -> Bool {
    guard value.isFinite else { return false }
    return switch self {
    case .positive: value > 0
    case .notNegative: value >= 0
    case .openUnit: value > 0 && value < 1
    case .belowOne: value >= 0 && value < 1
    case .aboveZeroToOne: value > 0 && value <= 1
    case .unit: value >= 0 && value <= 1
    }
  }
}

extension NumberRange: CustomStringConvertible {
  /// The range, to follow "allowed:".
  package var description: String {
    switch self {
    case .positive: "numbers above 0"
    case .notNegative: "numbers of at least 0"
    case .openUnit: "numbers above 0 and below 1"
    case .belowOne: "numbers of at least 0 and below 1"
    case .aboveZeroToOne: "numbers above 0 and at most 1"
    case .unit: "numbers from 0 to 1"
    }
  }
}
