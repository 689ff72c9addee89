import Datasets
import NeuralNetworks
import Schedules

extension StudySettings {
  /// - Returns: nil where something is wrong; it is reported.
  init?(decoding field: Field) {
    guard let keys = field.keys(Self.description.keys) else { return nil }
    let version = Item<Int>.version().read(keys)
    let name = Item<String>.name(\.name).read(keys)
    let seed = Self.seedPart.read(keys)
    let datasets = Self.datasets(keys)
    let models = Self.models(keys)
    let first = datasets?.first?.data
    let training = Item<TrainingOptions>.training(\.training, of: first).read(keys)
    var context = StageContext(
      task: first?.task, data: first, layerNames: nil,
      training: training ?? .defaults(for: first?.task ?? .classification))
    let train = Self.trainPart(in: context).read(keys)
    if keys["train"] != nil {
      context.lastOptimizer = train.map { .known($0.options.optimizer) } ?? .unknown
    }
    let finetune = Self.finetunePart(in: context).read(keys)
    let rounds = StudyRounds.block.decode(keys)
    let seeds = Self.seedsPart.read(keys)
    let ratios = Self.ratiosPart.read(keys)
    let methods = StudyMethod.all(
      keys, ratios: ratios, datasets: datasets?.map(\.name), in: context)
    let baselines = Self.baselinesPart.read(keys)
    guard version != nil, let name, let seed, let datasets, let models, let training, let train,
      let finetune, let rounds, let seeds, ratios != nil, let methods, let baselines
    else { return nil }
    let stopsEarly = [train, finetune].contains { $0?.options.earlyStop != nil }
    if stopsEarly, !datasets.allSatisfy({ $0.data.has(.validation) }) {
      (keys["data"] ?? keys["datasets"])?.report(RelationFault.needsPart("validation"))
      return nil
    }
    (self.name, self.seed, self.datasets, self.models) = (name, seed, datasets, models)
    (self.training, self.train, self.finetune) = (training, train, finetune)
    (self.rounds, self.seeds, self.methods, self.baselines) = (rounds, seeds, methods, baselines)
  }

  // MARK: Data

  private static func datasets(_ keys: KeyedFields) -> [Dataset]? {
    guard let (key, value) = keys.exactlyOne(of: ["data", "datasets"]) else { return nil }
    if key == "datasets" {
      keys["noise"]?.report(KeyFault.conflict(with: "datasets"))
      return named(value)
    }
    guard let data = data(value) else { return nil }
    guard let noise = keys["noise"] else {
      if case .generated = data.train { return [Dataset(name: generatedName, data: data)] }
      let name = Item<String>.name(\.name).read(keys)
      return name.map { [Dataset(name: $0, data: data)] }
    }
    guard case .generated(let generator) = data.train else {
      noise.report(RelationFault.notForTask("noise", task: "data from files"))
      return nil
    }
    return noisePart.read(keys)??.map { level in
      Dataset(
        name: "\(generatedName)-\(level == 0 ? "0" : level == 1 ? "1" : "\(level)")",
        data: data.generated(by: generator.with(noise: level)))
    }
  }

  private static let generatedName = "diffusion_sorption"

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
    return data
  }

  // MARK: Models

  private static func models(_ keys: KeyedFields) -> [ModelSettings]? {
    guard let (key, value) = keys.exactlyOne(of: ["model", "models"]) else { return nil }
    guard key == "models" else { return model.read(value).map { [$0] } }
    return model.several("models", called: "this model").read(value)
  }

  /// A model that every seed begins anew.
  static var model: Form<ModelSettings> {
    let model = ModelSettings.block
    let settings = model.description.settings.filter { $0.key != "start" }
    return .block(
      Block(
        BlockDescription(model.description.name, model.description.summary, settings),
        decode: model.decode, encode: model.encode))
  }
}
