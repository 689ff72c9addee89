import Storage

/// One element of `stages`, of any kind that there is.
package protocol StageSettings: Sendable, Equatable {
  /// - Returns: nil where something is wrong; it is reported.
  init?(decoding field: Field, in context: inout StageContext)

  /// What there may be.
  static var shape: Shape { get }

  /// The stage as a schedule has it, all defaults written out.
  var canonical: JSONValue { get }
}
