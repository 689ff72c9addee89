import Pruning
import Storage

extension PruningReport {
  /// The report as the event log has it.
  package var json: JSONValue {
    [
      "steps": JSONValue(steps), "removed": JSONValue(removed),
      "regrown": JSONValue(regrown), "weights": JSONValue(remaining),
      "layers": JSONValue(layers.map(\.json)), "compensation": compensation?.json ?? .null,
      "budget": budget?.json ?? .null, "refinement": refinement?.json ?? .null,
    ]
  }
}

extension BudgetReport {
  /// The error of the network, the errors of layers pruned alone, and the curves of these; the gap
  /// is what another division could save at most. Nanoseconds are those of the layers in a call.
  fileprivate var json: JSONValue {
    var json: JSONValue = [
      "metric": .string(metric.rawValue), "error": JSONValue(error), "gap": JSONValue(gap),
      "passes": JSONValue(passes), "layers": JSONValue(alone.map { JSONValue($0) }),
      "curves": JSONValue(
        curves.map { curve in
          JSONValue(
            curve.points.map { ["weights": JSONValue($0.kept), "error": JSONValue($0.error)] })
        }),
    ]
    if let nanoseconds {
      json["nanoseconds"] = JSONValue(nanoseconds.map { JSONValue($0) })
    }
    return json
  }
}

extension PruningReport.Layer {
  fileprivate var json: JSONValue {
    [
      "name": .string(name), "removed": JSONValue(removed), "regrown": JSONValue(regrown),
      "removed_units": JSONValue(units), "weights": JSONValue(remaining),
      "largest_removed_importance": largestRemovedImportance.map { JSONValue(exactly: $0) }
        ?? .null,
    ]
  }
}

extension CompensationReport {
  /// Squared errors with bias shifts alone and with refitted survivors, of each layer and of the outputs, and
  /// what compensating took.
  fileprivate var json: JSONValue {
    [
      "layers": JSONValue(layers.map(\.json)), "outputs": outputs.json,
      "seconds": JSONValue(seconds),
    ]
  }
}

extension CompensationReport.Errors {
  fileprivate var json: JSONValue {
    ["shifted": JSONValue(shifted), "refitted": JSONValue(refitted)]
  }
}

extension RefinementReport {
  /// The objective on both parts of the samples, before and after.
  package var json: JSONValue {
    [
      "target": .string(target.rawValue), "fitted": fitted.json, "held_out": heldOut.json,
      "iterations": JSONValue(iterations), "steps": JSONValue(steps),
      "seconds": JSONValue(seconds),
    ]
  }
}

extension RefinementReport.Change {
  fileprivate var json: JSONValue { ["before": JSONValue(before), "after": JSONValue(after)] }
}
