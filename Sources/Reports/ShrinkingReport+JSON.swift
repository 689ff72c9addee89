import NeuralNetworks
import Storage

extension ShrinkingReport {
  /// The report as the event log and `shrink --json` have it: of layers the units that went and why, and
  /// the columns of the data that nothing reads. Inputs are counted from 0, those of the network before.
  package var json: JSONValue {
    [
      "units_removed": JSONValue(removedUnits), "weights_before": JSONValue(weightsBefore),
      "weights": JSONValue(weights), "total_before": JSONValue(totalBefore),
      "total": JSONValue(total), "unread_inputs": JSONValue(unreadInputs),
      "unread": JSONValue(unread.map(\.json)), "dropped": JSONValue(dropped.map(\.json)),
      "layers": JSONValue(layers.map(\.json)),
    ]
  }
}

extension ShrinkingReport.Layer {
  fileprivate var json: JSONValue {
    [
      "name": .string(name), "units_before": JSONValue(before), "units": JSONValue(after),
      "constant": JSONValue(constant), "merged": JSONValue(merged), "unused": JSONValue(unused),
      "weights_before": JSONValue(weightsBefore), "weights": JSONValue(weights),
      "total_before": JSONValue(totalBefore), "total": JSONValue(total),
    ]
  }
}

extension ShrinkingReport.Column {
  fileprivate var json: JSONValue {
    [
      "name": JSONValue(name), "place": JSONValue(place),
      "inputs": [JSONValue(inputs.lowerBound), JSONValue(inputs.upperBound)],
    ]
  }
}
