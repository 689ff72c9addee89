import Datasets
import Storage

/// A schedule as its YAML says it: checked, with all defaults, but nothing worked out.
///
/// Unknown keys, wrong types and values out of range are errors, and all of them are reported at
/// once. Equal schedules mean the same, whatever their comments, order of keys or layout.
///
/// What kinds of stages there are is known where they are run.
package struct Schedule<Stage: StageSettings>: Sendable, Equatable {
  /// The name of the run and of its folder.
  package let name: String
  /// Of all random numbers, up to 2^63 − 1; 0 unless stated.
  package let seed: UInt64
  package let data: DataSettings
  package let model: ModelSettings
  /// What holds where a stage states nothing; its loss is the one that results are measured by.
  package let training: TrainingOptions
  /// At least one.
  package let stages: [Stage]
  package let checkpoints: CheckpointSettings

  /// Decodes the bytes of a schedule.
  ///
  /// - Parameters:
  ///   - file: the file's name, for messages; a model to start from is read relative to its folder.
  ///   - overrides: `key.path=value` in place of what the file says, in order.
  ///   - environment: the values of environment variables, nil for those that are not set.
  /// - Throws: `ScheduleError` with everything that is wrong.
  package init(
    _ bytes: [UInt8], file: String, overrides: [String] = [],
    environment: @escaping (String) -> String?
  ) throws(ScheduleError) {
    let context = DecodingContext(
      environment: environment, folder: FilePaths.folder(of: file))
    let root: YAMLNode
    do {
      root = try ScheduleDocument(bytes, overrides: overrides).root
    } catch {
      throw .invalid(file: file, problems: [error])
    }
    guard
      let schedule = Schedule(decoding: Field(node: root, path: "", context: context)),
      context.problems.isEmpty
    else { throw .sorted(file: file, context.problems) }
    self = schedule
  }

  private init?(decoding field: Field) {
    let allowed = [
      "version", "name", "seed", "data", "model", "training", "stages", "checkpoints",
    ]
    guard let keys = field.keys(allowed) else { return nil }
    let version = keys.required("version").flatMap { $0.grammarVersion() }
    let name = keys.required("name").flatMap { $0.runName() }
    let seed = keys["seed"].map { $0.integer(0...Int.max) } ?? 0
    let data = keys.required("data").flatMap { DataSettings(decoding: $0) }
    let model = keys.required("model").flatMap { ModelSettings(decoding: $0) }
    if let data { model?.start?.check(data, keys["model"]) }
    let task = data?.task
    let training = TrainingOptions(standard: keys["training"], task: task, data: data)
    var stageContext = StageContext(
      task: task, data: data,
      layerNames: model?.layerNames ?? keys["model"].flatMap(ModelSettings.layerNames),
      training: training ?? .defaults(for: task ?? .classification))
    let stages = keys.required("stages").flatMap { Self.stages($0, in: &stageContext) }
    let checkpoints = CheckpointSettings(decoding: keys["checkpoints"])
    guard version != nil, let name, let seed, let data, let model, let training, let stages,
      let checkpoints
    else { return nil }
    self.name = name
    self.seed = UInt64(seed)
    self.data = data
    self.model = model
    self.training = training
    self.stages = stages
    self.checkpoints = checkpoints
  }

  private static func stages(_ field: Field, in context: inout StageContext) -> [Stage]? {
    guard let items = field.list(of: "stages") else { return nil }
    guard !items.isEmpty else {
      field.report(.emptyList(of: "stage"))
      return nil
    }
    var stages: [Stage] = []
    for item in items {
      if let stage = Stage(decoding: item, in: &context) { stages.append(stage) }
    }
    return stages.count == items.count ? stages : nil
  }

  /// The whole schedule with its defaults written out and its paths as written.
  package var json: JSONValue {
    [
      "version": 1, "name": .string(name), "seed": JSONValue(Int(seed)),
      "data": data.json(paths: true), "model": model.json,
      "training": .object(training.json), "stages": JSONValue(stages.map(\.canonical)),
      "checkpoints": checkpoints.json,
    ]
  }
}
