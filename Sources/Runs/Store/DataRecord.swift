import Storage

/// What is known of the data of a run without reading them: their digest, and the facts that a plan
/// needs. Valid as long as the files look as they did.
package struct DataRecord: Sendable, Equatable {
  /// The canonical settings by which the files were read, with the seed of the split.
  package var settings: JSONValue
  /// The files with absolute paths, in the order of the schedule.
  package var files: [FileStamp]
  package var facts: DataFacts
  /// Sentences about the data that the user should see.
  package var notes: [String] = []
  /// Likewise, of values that float32 loses.
  package var warnings: [String] = []
  /// The tables that were converted to files of numbers, by the begin of their files' names.
  package var tables: [String] = []
}

extension DataRecord {
  /// What the user should see of the data.
  package var notices: [Notice] { notes.map(Notice.note) + warnings.map(Notice.warning) }
}

/// What a plan has to know of the data.
package struct DataFacts: Sendable, Equatable {
  /// SHA-256 over the files' bytes as stored, in the order of the schedule.
  package var digest: String
  /// Columns of the inputs.
  package var inputs: Int
  /// Width of the network's output.
  package var outputs: Int
  /// Class names in the order of the outputs; empty for regression.
  package var classes: [String]
  /// Samples of each part; nil for a part that there is not.
  package var trainingSamples: Int
  package var validationSamples: Int?
  package var testSamples: Int?

  package init(
    digest: String, inputs: Int, outputs: Int, classes: [String], trainingSamples: Int,
    validationSamples: Int?, testSamples: Int?
  ) {
    self.digest = digest
    self.inputs = inputs
    self.outputs = outputs
    self.classes = classes
    self.trainingSamples = trainingSamples
    self.validationSamples = validationSamples
    self.testSamples = testSamples
  }

  /// Targets that are numbers; 0 for classes.
  package var targets: Int { classes.isEmpty ? outputs : 0 }
}

extension DataRecord {
  package var json: JSONValue {
    var json: JSONValue = [
      "settings": settings, "files": .array(files.map(\.json)), "digest": .string(facts.digest),
      "inputs": JSONValue(facts.inputs), "outputs": JSONValue(facts.outputs),
      "classes": .array(facts.classes.map { .string($0) }),
      "samples": [
        "train": JSONValue(facts.trainingSamples), "validation": JSONValue(facts.validationSamples),
        "test": JSONValue(facts.testSamples),
      ],
      "notes": .array(notes.map { .string($0) }),
      "warnings": .array(warnings.map { .string($0) }),
    ]
    if !tables.isEmpty { json["tables"] = .array(tables.map { .string($0) }) }
    return json
  }

  package init(json: JSONValue) throws(JSONError) {
    settings = try json.value(at: "settings")
    files = try json.array(at: "files").map(FileStamp.init(json:))
    let samples = try json.value(at: "samples")
    facts = DataFacts(
      digest: try json.string(at: "digest"), inputs: try json.integer(at: "inputs"),
      outputs: try json.integer(at: "outputs"),
      classes: try json.array(at: "classes").map { $0.stringValue ?? "" },
      trainingSamples: try samples.integer(at: "train"),
      validationSamples: samples["validation"]?.intValue, testSamples: samples["test"]?.intValue)
    notes = json["notes"]?.arrayValue?.compactMap(\.stringValue) ?? []
    warnings = json["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
    tables = json["tables"]?.arrayValue?.compactMap(\.stringValue) ?? []
  }
}
