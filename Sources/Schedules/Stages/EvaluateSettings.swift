import Datasets
import Storage

/// An `evaluate` stage, which measures the model on one part of the data.
///
///     evaluate: {part: test}
package struct EvaluateSettings: Sendable, Equatable {
  /// test unless stated; the data has such a part.
  package let part: DataPartName

  /// - Returns: nil where something is wrong; it is reported.
  package init?(decoding field: Field, in context: StageContext) {
    guard let keys = field.keys(["part"]) else { return nil }
    guard let part = keys["part"].map({ $0.word("part") }) ?? DataPartName.test else { return nil }
    guard context.data?.has(part) != false else {
      (keys["part"] ?? field).report(RelationFault.needsPart(part.rawValue))
      return nil
    }
    self.part = part
  }

  /// The part.
  package var json: JSONObject { ["part": .string(part.rawValue)] }
}
