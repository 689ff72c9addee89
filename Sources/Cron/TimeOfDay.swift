/// A time of every day, to the minute.
package struct TimeOfDay: Sendable, Equatable {
  /// From 0 to 23.
  package let hour: Int
  /// From 0 to 59.
  package let minute: Int

  /// Reads `02:30`; nil for anything but two digits, a colon and two digits from 00:00 to 23:59.
  package init?(_ text: String) {
    let digits = Array(text.utf8)
    guard digits.count == 5, digits[2] == UInt8(ascii: ":") else { return nil }
    self.init(hour: Self.number(digits[..<2]), minute: Self.number(digits[3...]))
  }

  /// - Returns: nil for a number that is missing or out of range.
  package init?(hour: Int?, minute: Int?) {
    guard let hour, let minute, (0...23).contains(hour), (0...59).contains(minute) else {
      return nil
    }
    (self.hour, self.minute) = (hour, minute)
  }

  /// `02:30`.
  package var text: String { "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)" }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
  }
}
