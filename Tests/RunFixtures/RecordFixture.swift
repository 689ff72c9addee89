import Runs
import Storage

/// Records of stages that were never computed.
package enum RecordFixture {
  /// A record of a prune stage with a checkpoint.
  ///
  /// - Parameters:
  ///   - loss: on the validation part.
  ///   - file: nil for one that was let go.
  package static func record(
    _ key: String, parent: String = "root", finishedAt: String = "2026-03-04T05:06:07Z",
    loss: Double = 1, file: String? = "file"
  ) throws -> StageRecord {
    try StageRecord(
      json: [
        "name": .string("stage-" + key), "kind": "prune", "key": .string(key),
        "parent": .string(parent), "settings": [:],
        "file": JSONValue(file.map { "\($0)-\(key)" }), "bytes": JSONValue(file.map { _ in 10 }),
        "sha256": "0", "base": .null, "weights": 5, "layers": [], "sparsity": 0.5,
        "metrics": ["validation": ["loss": JSONValue(loss)]], "wall_clock_seconds": 1.0,
        "finished_at": .string(finishedAt),
      ])
  }

  /// A file that carries its digest in the place of a manifest's, whatever else it says.
  package static func sealed(_ json: JSONValue) -> [UInt8] {
    var json = json
    let nothing = String(repeating: "0", count: 64)
    json["sha256"] = .string(nothing)
    let text = json.readable
    return Array(text.replacing(nothing, with: Digest.sha256(text)).utf8)
  }
}
