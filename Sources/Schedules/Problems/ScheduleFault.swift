/// What can be wrong in a schedule.
package enum ScheduleFault: Sendable, Equatable {
  /// The text is no YAML document that a schedule can be.
  case document(DocumentFault)
  /// Keys are unknown, missing or too many.
  case key(KeyFault)
  /// A value is not what its key wants.
  case value(ValueFault)
  /// A value does not fit others.
  case relation(RelationFault)
}

extension ScheduleFault: CustomStringConvertible {
  /// What is wrong and what is allowed, to follow place and key path.
  package var description: String {
    switch self {
    case .document(let fault): fault.description
    case .key(let fault): fault.description
    case .value(let fault): fault.description
    case .relation(let fault): fault.description
    }
  }
}
