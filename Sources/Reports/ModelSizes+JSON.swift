import Runs
import Storage

extension ModelSizes {
  /// An object with a member a form of the model; null for forms that cannot hold it, and for times where none
  /// were measured.
  package var json: JSONValue {
    .object(JSONObject(variants.map { ($0.form.rawValue, $0.json) }) ?? [:])
  }
}

extension ModelSizes.Variant {
  fileprivate var json: JSONValue {
    [
      "widths": JSONValue(widths.map { JSONValue($0) }), "weights": JSONValue(weights),
      "total": JSONValue(total), "multiply_adds": JSONValue(weights),
      "memory_bytes": JSONValue(memory), "entropy_bytes": JSONValue(bound),
      "bytes": .object(JSONObject(footprints.map { ($0.form, JSONValue($0.bytes)) }) ?? [:]),
      "milliseconds": times.isEmpty
        ? .null
        : .object(
          JSONObject(times.map { ("\($0.samples)", JSONValue($0.milliseconds)) }) ?? [:]),
    ]
  }
}
