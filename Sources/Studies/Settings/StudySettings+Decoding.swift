import Datasets
import NeuralNetworks
import Schedules

extension StudySettings {
  /// - Returns: nil where something is wrong; it is reported.
  init?(decoding field: Field) {
    guard let kind = StudyKind(of: field), let keys = field.keys(of: Self.description(of: kind))
    else { return nil }
    if let experiment = kind.experiment {
      self.init(keys, of: experiment)
    } else {
      self.init(pruning: keys)
    }
  }

  private init?(pruning keys: KeyedFields) {
    let frame = StudyFrame(keys, of: .pruning)
    let finetune = Self.finetunePart(in: frame.context).read(keys)
    let rounds = StudyRounds.block.decode(keys)
    let ratios = Self.ratiosPart.read(keys)
    let methods = StudyMethod.all(
      keys, ratios: ratios, datasets: frame.datasets?.map(\.name), in: frame.context)
    let baselines = Self.baselinesPart.read(keys)
    guard let common = frame.settled, let finetune, let rounds, ratios != nil, let methods,
      let baselines
    else { return nil }
    if finetune?.options.earlyStop != nil, !frame.hasValidation(reportingAt: keys) { return nil }
    (kind, experiment) = (.pruning, nil)
    (name, seed, datasets, models) = (common.name, common.seed, common.datasets, common.models)
    (training, train, seeds) = (common.training, common.train, common.seeds)
    (self.finetune, self.rounds) = (finetune, rounds)
    (self.methods, self.baselines) = (methods, baselines)
  }

  private init?(_ keys: KeyedFields, of type: any StudyExperiment.Type) {
    let frame = StudyFrame(keys, of: type.kind)
    type.check(Self.placed(frame.datasets ?? [], keys), Self.placed(frame.models ?? [], keys))
    let experiment = type.decode(keys, in: frame.context)
    guard let common = frame.settled, let experiment else { return nil }
    (kind, self.experiment) = (type.kind, AnyStudyExperiment(value: experiment))
    (name, seed, datasets) = (common.name, common.seed, common.datasets)
    models = type.takesModels ? common.models : experiment.models
    (training, train, seeds) = (common.training, common.train, common.seeds)
    (finetune, rounds) = (nil, StudyRounds(count: 1, curve: .standard))
    (methods, baselines) = ([], [])
  }

  // MARK: Data

  static func datasets(_ keys: KeyedFields) -> [Dataset]? {
    guard let (key, value) = keys.exactlyOne(of: ["data", "datasets"]) else { return nil }
    if key == "datasets" {
      keys["noise"]?.report(KeyFault.conflict(with: "datasets"))
      return named(value)
    }
    guard let data = data(value) else { return nil }
    guard let noise = keys["noise"] else {
      if case .generated(let generator) = data.train {
        return [Dataset(name: generator.name, data: data)]
      }
      let name = Item<String>.name(\.name).read(keys)
      return name.map { [Dataset(name: $0, data: data)] }
    }
    guard case .generated(let source) = data.train else {
      noise.report(RelationFault.notForTask("noise", task: "data from files"))
      return nil
    }
    guard case .diffusionSorption(let generator) = source else {
      noise.report(RelationFault.notForTask("noise", task: source.name))
      return nil
    }
    return noisePart.read(keys)??.map { level in
      Dataset(
        name: "\(source.name)-\(level == 0 ? "0" : level == 1 ? "1" : "\(level)")",
        data: data.generated(by: generator.with(noise: level)))
    }
  }

  private static func named(_ field: Field) -> [Dataset]? {
    guard case .mapping(let entries) = field.node.content, !entries.isEmpty,
      entries.count <= mostOfEach
    else {
      field.reportKind(expected: "a mapping of names to data sets, such as {clean: {csv: …}}")
      return nil
    }
    let datasets = entries.map { entry -> Dataset? in
      let own = Field(
        node: entry.value, path: "\(field.path).\(shortened(entry.key))", context: field.context)
      return data(own).map { Dataset(name: entry.key, data: $0) }
    }
    guard !datasets.contains(where: { $0 == nil }) else { return nil }
    let sound = datasets.compactMap { $0 }
    if let other = sound.first(where: { $0.data.task != sound[0].data.task }) {
      field.report(
        RelationFault.notForTask(
          quoted(other.name),
          task: "a study whose first data set is for "
            + sound[0].data.task.rawValue))
      return nil
    }
    return sound
  }

  /// A data set, which has to have a test part.
  private static func data(_ field: Field) -> DataSettings? {
    guard let data = DataSettings.block.read(field) else { return nil }
    guard data.has(.test) else {
      field.report(RelationFault.needsPart("test"))
      return nil
    }
    return data.demandMemory(for: "a study", field) ? data : nil
  }

  // MARK: Models

  /// Reports what does not go together with networks that are trained already.
  static func check(_ models: [ModelSettings], _ datasets: [Dataset], _ keys: KeyedFields) {
    let started = models.filter { $0.start != nil }
    if !models.isEmpty, started.count < models.count, keys["train"] == nil {
      keys.reportMissing("train")
    }
    if started.isEmpty { return }
    if started.count == models.count {
      keys["train"]?.report(
        RelationFault.notForTask("train", task: "models that all start from a trained network"))
    }
    let narrower = StudyBaseline.narrower.rawValue
    if let place = keys.items("baselines").first(where: { $0.plainText == narrower }) {
      place.report(
        RelationFault.notForTask(narrower, task: "models that start from a trained network"))
    }
    for model in placed(models, keys) {
      for dataset in datasets { model.value.start?.check(dataset.data, model.field) }
    }
  }

  /// Networks with where they stand.
  private static func placed(
    _ models: [ModelSettings], _ keys: KeyedFields
  ) -> [Placed<ModelSettings>] {
    zip(models, keys["model"].map { [$0] } ?? keys.items("models"))
      .map { Placed(value: $0, field: $1) }
  }

  /// Data sets with where they stand; those of several levels of noise all stand in one place.
  private static func placed(
    _ datasets: [Dataset], _ keys: KeyedFields
  ) -> [Placed<DataSettings>] {
    datasets.compactMap { dataset in
      (keys["data"] ?? keys["datasets"]?.member(dataset.name))
        .map { Placed(value: dataset.data, field: $0) }
    }
  }

  static func models(_ keys: KeyedFields) -> [ModelSettings]? {
    guard let (key, value) = keys.exactlyOne(of: ["model", "models"]) else { return nil }
    guard key == "models" else { return model.read(value).map { [$0] } }
    return model.several("models", called: "this model").read(value)
  }

  /// A model that every seed begins anew, or one that is trained already.
  static var model: Form<ModelSettings> { .block(ModelSettings.block) }
}
