import Foundation
import RunFixtures
import Runs
import Schedules
import Storage
import Studies
import Testing

@Suite("JSON Schema") struct JSONSchemaTests {
  @Test("a schema names its draft, and every block that it refers to is defined")
  func references() throws {
    for schema in [JSONSchema.schedule.json, JSONSchema.study.json] {
      #expect(schema["$schema"] == "http://json-schema.org/draft-07/schema#")
      let defined = try #require(schema["definitions"]?.objectValue).names
      var used: Set<String> = []
      func walk(_ value: JSONValue) {
        value.arrayValue?.forEach(walk)
        for member in value.objectValue ?? [:] {
          if member.name == "$ref", let text = member.value.stringValue {
            used.insert(String(text.dropFirst("#/definitions/".count)))
          }
          walk(member.value)
        }
      }
      walk(schema)
      #expect(used == Set(defined))
    }
  }

  @Test("ranges, words and defaults come from the description")
  func properties() throws {
    let definitions = JSONSchema.schedule.json["definitions"]
    let adam = definitions?["optimizer-adamw"]?["properties"]
    #expect(adam?["weight_decay"]?["default"] == 0.01)
    #expect(adam?["beta1"]?["exclusiveMaximum"] == 1 && adam?["beta1"]?["minimum"] == 0)
    let checkpoints = definitions?["checkpoints"]?["properties"]
    #expect(checkpoints?["level"]?["minimum"] == 1 && checkpoints?["level"]?["maximum"] == 19)
    #expect(definitions?["data"]?["required"] == ["task"])
    #expect(definitions?["train"]?["additionalProperties"] == false)
  }

  /// `ECPIPE_PYTHON` names a Python that has jsonschema and PyYAML.
  @Test(
    "the jsonschema package accepts every pipeline, and refuses broken ones",
    .enabled(
      if: ProcessInfo.processInfo.environment["ECPIPE_PYTHON"] != nil,
      "set ECPIPE_PYTHON to a Python with jsonschema and PyYAML"))
  func validator() throws {
    let script = """
      import json, pathlib, sys, yaml
      from jsonschema import Draft7Validator
      schemas = json.load(sys.stdin)
      for schema in schemas.values():
          Draft7Validator.check_schema(schema)
      schedule, study = (Draft7Validator(schemas[kind]) for kind in ("schedule", "study"))
      for path in sorted(pathlib.Path(sys.argv[1]).glob("*.yaml")):
          validator = study if path.name.startswith("study-") else schedule
          for error in validator.iter_errors(yaml.safe_load(path.read_text())):
              print("refused", path.name, list(error.path), error.message[:200])
      small, broken = json.loads(sys.argv[2])
      for text in [small] + broken:
          if schedule.is_valid(yaml.safe_load(text)) != (text == small):
              print("taken for the opposite", text)
      """
    let process = Process()
    let executable = try #require(ProcessInfo.processInfo.environment["ECPIPE_PYTHON"])
    process.executableURL = URL(fileURLWithPath: executable)
    let schemas: JSONValue = [
      "schedule": JSONSchema.schedule.json, "study": JSONSchema.study.json,
    ]
    process.arguments = [
      "-c", script, Self.pipelines.path,
      JSONValue([.string(SmallSchedule.text), JSONValue(Self.broken.map { .string($0) })])
        .canonical,
    ]
    let output = Pipe()
    process.standardOutput = output
    // Longer than an argument may be.
    let input = Pipe()
    process.standardInput = input
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(schemas.canonical.utf8))
    try input.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(text.isEmpty, "\(text)")
  }

  private static let pipelines = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("pipelines")

  /// Each differs from `SmallSchedule.text` in one place.
  private static let broken = [
    ("version: 1", "version: 2"), ("name: small\n", ""), ("name: small", "nmae: small"),
    ("csv: a.csv,", "csv: a.csv, npy: {inputs: a, targets: b},"),
    ("task: classification", "task: ranking"), ("hidden: [8, 4]", "hidden: [8, 0]"),
    ("{batch: 32}", "{optimizer: sgd}"), ("{batch: 32}", "{optimizer: {adam: {beta1: 1}}}"),
    ("{batch: 32}", "{batch: many}"), ("to: 0.5", "to: 90"),
    ("to: 0.5", "to: 0.5, budget: {granularity: {n_of_m: {keep: 2}}}"),
    ("train: {epochs: 2}", "train: {epochs: 2, decay: step}"), ("train: {epochs: 2}", "train: {}"),
    ("stages:", "checkpoints: {every: 60}\nstages:"), ("{part: test}", "{part: tests}"),
  ].map { old, new in
    precondition(SmallSchedule.text.contains(old), "\(old) is in the text")
    return SmallSchedule.text.replacing(old, with: new)
  }
}
