import Formats
import Pruning

extension PruningReport {
  /// The report as the event log has it.
  package var json: JSONValue {
    [
      "steps": JSONValue(steps), "removed": JSONValue(removed), "weights": JSONValue(remaining),
      "layers": JSONValue(layers.map(\.json)), "compensation": compensation?.json ?? .null,
    ]
  }
}

extension PruningReport.Layer {
  fileprivate var json: JSONValue {
    [
      "name": .string(name), "removed": JSONValue(removed), "weights": JSONValue(remaining),
      "largest_removed_importance": largestRemovedImportance.map { JSONValue(exactly: $0) }
        ?? .null,
    ]
  }
}

extension CompensationReport {
  /// Squared errors with bias shifts alone and with refitted survivors, of each layer and of the outputs.
  fileprivate var json: JSONValue {
    ["layers": JSONValue(layers.map(\.json)), "outputs": outputs.json]
  }
}

extension CompensationReport.Errors {
  fileprivate var json: JSONValue {
    ["shifted": JSONValue(shifted), "refitted": JSONValue(refitted)]
  }
}
