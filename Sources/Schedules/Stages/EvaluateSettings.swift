import Datasets
import Storage

/// An `evaluate` stage, which measures the model on one part of the data.
///
///     evaluate: {part: test}
package struct EvaluateSettings: Sendable, Equatable {
  /// test unless stated; the data has such a part.
  package let part: DataPartName

  package static func block(in context: StageContext) -> Block<EvaluateSettings> {
    Block(
      "evaluate", "Measures the model on one part of the data, and changes nothing.",
      .setting(
        "part", \.part, .word("part"), default: .test,
        "The part of the data; it has to be there."),
      check: { keys, part in
        if let part, context.data?.has(part) == false {
          (keys["part"] ?? keys.field).report(RelationFault.needsPart(part.rawValue))
        }
      },
      make: EvaluateSettings.init)
  }

  /// The part.
  package var json: JSONObject { Self.block(in: .undecided).encode(self) }
}
