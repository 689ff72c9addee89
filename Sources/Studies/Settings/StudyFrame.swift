import NeuralNetworks
import Schedules

/// What studies of all kinds say: which data and networks, and how often; as far as it could be read.
struct StudyFrame {
  private let version: Int?
  private let name: String?
  private let seed: UInt64?
  let datasets: [StudySettings.Dataset]?
  let models: [ModelSettings]?
  private let training: TrainingOptions?
  private let train: TrainSettings??
  private let seeds: [UInt64]?
  private let isSound: Bool
  /// What further keys are decoded against.
  let context: StageContext

  /// Reads the keys that studies of `kind` have in common with others.
  init(_ keys: KeyedFields, of kind: StudyKind) {
    typealias Item<Value> = Part<StudySettings, Value>
    version = Item<Int>.version().read(keys)
    name = Item<String>.name(\.name).read(keys)
    seed = StudySettings.seedPart.read(keys)
    datasets = StudySettings.datasets(keys)
    models = kind.takesModels ? StudySettings.models(keys) : []
    if kind.trainsDense { StudySettings.check(models ?? [], datasets ?? [], keys) }
    let first = datasets?.first?.data
    training = Item<TrainingOptions>.training(\.training, of: first).read(keys)
    var context = StageContext(
      task: first?.task, data: first, layerNames: nil,
      training: training ?? .defaults(for: first?.task ?? .classification))
    train = kind.trainsDense ? StudySettings.trainPart(in: context).read(keys) : .some(nil)
    // A network that was trained elsewhere has no optimizer to go on with.
    if kind.trainsDense, keys["train"] != nil, models?.allSatisfy({ $0.start == nil }) ?? true {
      context.lastOptimizer =
        train.map { $0.map { .known($0.options.optimizer) } ?? .none } ?? .unknown
    }
    self.context = context
    seeds = StudySettings.seedsPart.read(keys)
    // Studies of other kinds train as `training` says besides.
    let stopsEarly =
      train??.options.earlyStop != nil || (kind != .pruning && training?.earlyStop != nil)
    isSound = !stopsEarly || Self.hasValidation(datasets, reportingAt: keys)
  }

  /// All of it, where all could be read.
  var settled:
    (
      name: String, seed: UInt64, datasets: [StudySettings.Dataset], models: [ModelSettings],
      training: TrainingOptions, train: TrainSettings?, seeds: [UInt64]
    )?
  {
    guard isSound, version != nil, let name, let seed, let datasets, let models, let training,
      let train, let seeds
    else { return nil }
    return (name, seed, datasets, models, training, train, seeds)
  }

  /// Whether all data sets have a validation part, as early stopping demands; it is reported where one has none.
  func hasValidation(reportingAt keys: KeyedFields) -> Bool {
    Self.hasValidation(datasets, reportingAt: keys)
  }

  private static func hasValidation(
    _ datasets: [StudySettings.Dataset]?, reportingAt keys: KeyedFields
  ) -> Bool {
    guard let datasets, !datasets.allSatisfy({ $0.data.has(.validation) }) else { return true }
    (keys["data"] ?? keys["datasets"])?.report(RelationFault.needsPart("validation"))
    return false
  }
}
