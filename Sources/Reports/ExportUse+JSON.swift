import ModelFiles
import Storage

extension ExportUse {
  /// The name of the file's input, its numbers a row, what each is, what to put in where it is missing, and whether
  /// the scaling is folded in; null for what is not known.
  package var inputsJSON: JSONValue {
    [
      "name": JSONValue(names?.input), "width": JSONValue(width),
      "columns": inputs.isEmpty ? .null : .array(inputs.map { .string($0) }),
      "missing": fills.isEmpty ? .null : .array(fills.map { JSONValue($0) }),
      "folds_scaling": .bool(foldsInputs),
    ]
  }

  /// The same of its output, with the classes in their order.
  package var outputsJSON: JSONValue {
    let words = JSONValue.array(outputs.map { .string($0) })
    return [
      "name": JSONValue(names?.output), "width": JSONValue(results),
      "columns": isClassifier || outputs.isEmpty ? .null : words,
      "classes": isClassifier ? words : .null, "folds_scaling": .bool(foldsTargets),
    ]
  }
}
