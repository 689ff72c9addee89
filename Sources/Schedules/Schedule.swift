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
  /// What makes it a job of every night; nil for one that is none.
  package let nightly: NightlySettings?
  /// Where others are told how a run goes; nil for nowhere.
  package let log: LogSettings?

  /// Decodes the bytes of a schedule.
  ///
  /// - Parameters:
  ///   - file: the file's name, for messages; a model to start from is read relative to its folder.
  ///   - overrides: `key.path=value` in place of what the file says, in order.
  ///   - start: the checkpoint that is begun with in place of what the file says; from the root.
  ///   - environment: the values of environment variables, nil for those that are not set.
  /// - Throws: `ScheduleError` with everything that is wrong.
  package init(
    _ bytes: [UInt8], file: String, overrides: [String] = [], start: String? = nil,
    environment: @escaping (String) -> String?
  ) throws(ScheduleError) {
    let context = DecodingContext(
      environment: environment, folder: NamedFile(file).folder)
    let root: YAMLNode
    do {
      root = try ScheduleDocument(bytes, overrides: overrides, start: start).root
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
    guard let keys = field.keys(of: Self.block) else { return nil }
    let version = Item<Int>.version().read(keys)
    let name = Item<String>.name(\.name).read(keys)
    let seed = Self.seedPart.read(keys)
    let data = Self.dataPart.read(keys)
    let model = Self.modelPart.read(keys)
    if let data { model?.start?.check(data, keys["model"]) }
    var training = Item<TrainingOptions>.training(\.training, of: data).read(keys)
    if let model { training?.dropout = model.dropout }
    let context = StageContext(
      task: data?.task, data: data,
      layerNames: model?.layerNames ?? keys["model"].flatMap(ModelSettings.layerNames),
      training: training ?? .defaults(for: data?.task ?? .classification))
    let stages = Self.stagesPart(in: context).read(keys)
    let checkpoints = Self.checkpointsPart.read(keys)
    let nightly = Self.nightlyPart(in: context).read(keys)
    let log = Self.logPart.read(keys)
    if keys["nightly"] != nil, let field = keys["data"] {
      data?.demandMemory(for: "a nightly job", field)
    }
    guard version != nil, let name, let seed, let data, let model, let training, let stages,
      let checkpoints, let nightly, let log
    else { return nil }
    self.name = name
    self.seed = seed
    self.data = data
    self.model = model
    self.training = training
    self.stages = stages
    self.checkpoints = checkpoints
    self.nightly = nightly
    self.log = log
  }

  // MARK: Settings

  private typealias Item<Value> = Part<Schedule, Value>

  private static var seedPart: Item<UInt64> {
    .setting("seed", \.seed, .seed(), default: 0, "Of all random numbers.")
  }

  private static var dataPart: Item<DataSettings> {
    .setting(
      "data", \.data, .block(DataSettings.block), examples: DataSettings.examples, "The rows.")
  }

  private static var modelPart: Item<ModelSettings> {
    .setting("model", \.model, .block(ModelSettings.block), "The network.")
  }

  private static func stagesPart(in context: StageContext) -> Item<[Stage]> {
    let form = Form<[Stage]>(.list(Stage.shape, 1...Int.max), { stages($0, in: context) }) {
      JSONValue($0.map(\.canonical))
    }
    return .setting(
      "stages", \.stages, form,
      examples: [[["train": ["epochs": 3]]], [["train": ["epochs": 4]]]],
      "What is done, one after the other.")
  }

  private static var checkpointsPart: Item<CheckpointSettings> {
    .setting(
      "checkpoints", \.checkpoints, .block(CheckpointSettings.block), default: .standard,
      said: "its defaults", "How checkpoints are written, and which stay.")
  }

  private static func nightlyPart(in context: StageContext) -> Item<NightlySettings?> {
    .optional(
      "nightly", \.nightly, .block(NightlySettings.block(in: context)),
      absent: "it is run by hand", omitted: true, changesResult: false,
      "What makes it a job of every night.")
  }

  private static var logPart: Item<LogSettings?> {
    .optional(
      "log", \.log, .block(LogSettings.block), absent: "nowhere", omitted: true,
      changesResult: false, "Where others are told how a run goes, beside its own folder.")
  }

  private static func stages(_ field: Field, in context: StageContext) -> [Stage]? {
    guard let items = field.list(of: "stages") else { return nil }
    guard !items.isEmpty else {
      field.report(.emptyList(of: "stage"))
      return nil
    }
    var context = context
    let isTrainedNext = StageContext.isTrainedNext(items)
    let stages = zip(items, isTrainedNext).compactMap { item, isTrained in
      context.isTrainedNext = isTrained
      return Stage(decoding: item, in: &context)
    }
    return stages.count == items.count ? stages : nil
  }

  /// For describing it and for writing it out; it is read by `init(decoding:)`, in the order in which one
  /// part depends on another.
  private static var block: Block<Schedule> {
    Block(
      "schedule", "A run: its data, its network, and the stages from one to the other.",
      Item<Int>.version(), Item<String>.name(\.name), seedPart, dataPart, modelPart,
      Item<TrainingOptions>.training(\.training, of: nil), stagesPart(in: .undecided),
      checkpointsPart, nightlyPart(in: .undecided), logPart,
      make: { _, _, _, _, _, _, _, _, _, _ in nil })
  }

  /// Every setting that a schedule can have.
  package static var description: BlockDescription { block.description }

  /// The whole schedule with its defaults written out and its paths as written.
  package var json: JSONValue { .object(Self.block.encode(self)) }
}
