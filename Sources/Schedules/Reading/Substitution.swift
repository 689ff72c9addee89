/// A text of the schedule, as it stands there and with its variables substituted.
package struct WrittenText: Sendable {
  /// With `${NAME}` as written, for what is stored and shown.
  package let written: String
  /// With the variables' values, for use.
  package let value: String
  /// Where it stands, and under which key; nil for a text of no schedule.
  package let place: (position: SourcePosition, path: String)?
  /// The values of its variables.
  package let variables: [String]
  /// A variable that is not set, so that the text has no value; nil for none.
  package let lack: ValueFault?

  package init(
    written: String, value: String, place: (position: SourcePosition, path: String)? = nil,
    variables: [String] = [], lack: ValueFault? = nil
  ) {
    self.written = written
    self.value = value
    self.place = place
    self.variables = variables
    self.lack = lack
  }
}

extension WrittenText: Equatable {
  /// Where a text stands does not matter, nor what of it are variables.
  package static func == (left: WrittenText, right: WrittenText) -> Bool {
    left.written == right.written && left.value == right.value
  }
}

/// Environment variables in texts: `${NAME}`, and `${NAME:-default}` where the variable may be
/// unset or empty.
package enum Substitution {
  /// Why a text cannot be substituted.
  package struct Failure: Error {
    let fault: ValueFault
  }

  /// `text` with the variables' values, and these; what comes in by a value is not substituted again.
  package static func substitute(
    _ text: String, environment: (String) -> String?
  ) -> Result<(text: String, values: [String]), Failure> {
    var result = ""
    var values: [String] = []
    var rest = Substring(text)
    while let opening = firstIndex(of: "${", in: rest) {
      result += rest[..<opening]
      rest = rest[opening...].dropFirst(2)
      guard let end = rest.firstIndex(of: "}") else {
        return .failure(Failure(fault: .malformedVariable("${" + rest)))
      }
      let inside = rest[..<end]
      rest = rest[end...].dropFirst()
      if firstIndex(of: "${", in: inside) != nil {
        return .failure(Failure(fault: .nestedVariable("${\(inside)}")))
      }
      let marker = firstIndex(of: ":-", in: inside)
      let name = String(inside[..<(marker ?? inside.endIndex)])
      guard isName(name) else {
        return .failure(Failure(fault: .malformedVariable("${\(inside)}")))
      }
      let value = environment(name)
      if let value, !value.isEmpty { values.append(value) }
      if let marker {
        result += value.flatMap { $0.isEmpty ? nil : $0 } ?? String(inside[marker...].dropFirst(2))
      } else if let value {
        result += value
      } else {
        return .failure(Failure(fault: .undefinedVariable(name)))
      }
    }
    return .success((result + rest, values))
  }

  /// Where the two characters of `marker` first stand in `text`.
  private static func firstIndex(of marker: String, in text: Substring) -> Substring.Index? {
    var index = text.startIndex
    while index < text.endIndex {
      if text[index...].hasPrefix(marker) { return index }
      index = text.index(after: index)
    }
    return nil
  }

  /// Letters, digits and underscores, no digit first.
  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.first.map { $0 < 0x30 || $0 > 0x39 } == true
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f: true
        default: false
        }
      }
  }
}
