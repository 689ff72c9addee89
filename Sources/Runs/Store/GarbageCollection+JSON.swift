import Schedules
import Storage

extension GarbageCollection.Outcome {
  /// The form of `gc --json`.
  package var json: JSONValue {
    [
      "format": 1, "name": .string(name), "keep": keep.json, "dry_run": .bool(isDryRun),
      "bytes": JSONValue(bytes), "leftovers": .array(leftovers.map { .string($0) }),
      "tables": .array(tables.map(\.json)),
      "checkpoints": .array(
        verdicts.map { verdict in
          [
            "stage": .string(verdict.record.name), "key": .string(verdict.record.key),
            "file": JSONValue(verdict.record.file), "bytes": JSONValue(verdict.record.bytes),
            "kept": .bool(verdict.isKept),
            "reasons": .array(verdict.reasons.map { .string($0) }),
          ]
        }),
    ]
  }
}
