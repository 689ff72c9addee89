import Storage

/// How a fine-tuning ended that was to last until the loss had recovered from a pruning.
package struct RecoveryReport: Sendable, Equatable {
  /// Epochs that it took.
  package var epochs: Int
  /// Whether the validation loss came down to `reference`.
  package var recovered: Bool
  /// The validation loss before the pruning.
  package var reference: Double
}

extension RecoveryReport {
  package var json: JSONValue {
    [
      "epochs": JSONValue(epochs), "recovered": .bool(recovered),
      "reference": JSONValue(reference),
    ]
  }

  package init(json: JSONValue) throws(JSONError) {
    epochs = try json.integer(at: "epochs")
    recovered = try json.bool(at: "recovered")
    reference = try json.number(at: "reference")
  }
}
