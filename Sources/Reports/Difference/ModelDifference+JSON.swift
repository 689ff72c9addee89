import Runs
import Storage

extension ModelDifference {
  /// The form of `diff --json`.
  ///
  /// - Parameter predictions: how far answers differ; nil where nobody asked.
  package func json(_ predictions: PredictionDifference?) -> JSONValue {
    [
      "format": 1, "models": JSONValue(names.map { .string($0) }),
      "settings": settings.map { differences in
        .array(
          differences.map { own in
            [
              "path": .string(own.keyPath), "a": own.before ?? .null, "b": own.now ?? .null,
            ]
          })
      } ?? .null,
      "layers": .array(layers.map(\.json)), "metrics": .array(metrics.map(\.json)),
      "sizes": .array(sizes.map(\.json)), "predictions": predictions?.json ?? .null,
    ]
  }
}

extension JSONDifference {
  /// The path as key paths are written: `stages[0].train.epochs`.
  package var keyPath: String { path.replacing(".[", with: "[") }
}

extension ModelDifference.Layer {
  fileprivate var json: JSONValue {
    [
      "name": .string(name),
      "shapes": .array(
        shapes.map { $0.map { JSONValue($0.map { JSONValue($0) }) } ?? .null }),
      "weights": .array(weights.map { JSONValue($0) }), "overlap": JSONValue(overlap),
      "largest": JSONValue(largest),
    ]
  }
}

extension ModelDifference.Pair {
  fileprivate var json: JSONValue {
    ["name": .string(name), "a": JSONValue(values[0]), "b": JSONValue(values[1])]
  }
}

extension PredictionDifference {
  fileprivate var json: JSONValue {
    [
      "rows": JSONValue(rows), "of": .string(areProbabilities ? "probabilities" : "targets"),
      "largest": JSONValue(largest), "rms": JSONValue(rms), "other_class": JSONValue(otherClass),
    ]
  }
}
