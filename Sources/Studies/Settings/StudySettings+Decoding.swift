import Datasets
import NeuralNetworks
import Schedules

extension StudySettings {
  /// All keys of a study.
  static let keys = [
    "version", "name", "seed", "data", "datasets", "noise", "model", "models", "training", "train",
    "finetune", "rounds", "curve", "seeds", "ratios", "criteria", "compensations", "budgets",
    "baselines", "quick",
  ]

  /// - Returns: nil where something is wrong; it is reported.
  init?(decoding field: Field) {
    guard let keys = field.keys(Self.keys) else { return nil }
    let version = keys.required("version").flatMap { $0.grammarVersion() }
    let name = keys.required("name").flatMap { $0.runName() }
    let seed = keys["seed"].map { $0.integer(0...Int.max) } ?? 0
    let datasets = Self.datasets(keys)
    let models = Self.models(keys)
    let first = datasets?.first?.data
    let training = TrainingOptions(standard: keys["training"], task: first?.task, data: first)
    var context = StageContext(
      task: first?.task, data: first, layerNames: nil,
      training: training ?? .defaults(for: first?.task ?? .classification))
    let train = keys.required("train").flatMap {
      TrainSettings(decoding: $0, recovers: false, in: &context)
    }
    let finetune = keys.optional("finetune") {
      TrainSettings(decoding: $0, recovers: false, in: &context)
    }
    let rounds = StudyRounds(decoding: keys)
    let seeds = keys.required("seeds").flatMap(Self.seeds)
    let ratios = keys.required("ratios").flatMap(StudyMethod.ratios)
    let methods = StudyMethod.all(
      keys, ratios: ratios, datasets: datasets?.map(\.name), in: context)
    let baselines = keys["baselines"].map(Self.baselines) ?? []
    guard version != nil, let name, let seed, let datasets, let models, let training, let train,
      let finetune, let rounds, let seeds, ratios != nil, let methods, let baselines
    else { return nil }
    let stopsEarly = [train, finetune].contains { $0?.options.earlyStop != nil }
    if stopsEarly, !datasets.allSatisfy({ $0.data.has(.validation) }) {
      (keys["data"] ?? keys["datasets"])?.report(RelationFault.needsPart("validation"))
      return nil
    }
    self.init(
      name: name, seed: UInt64(seed), datasets: datasets, models: models, training: training,
      train: train, finetune: finetune, rounds: rounds, seeds: seeds, methods: methods,
      baselines: baselines)
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
      let name = keys["name"].flatMap { $0.runName() }
      return name.map { [Dataset(name: $0, data: data)] }
    }
    guard case .generated(let generator) = data.train else {
      noise.report(RelationFault.notForTask("noise", task: "data from files"))
      return nil
    }
    return levels(noise)?.map { level in
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
    guard let data = DataSettings(decoding: field) else { return nil }
    guard data.has(.test) else {
      field.report(RelationFault.needsPart("test"))
      return nil
    }
    return data
  }

  private static func levels(_ field: Field) -> [Double]? {
    guard let items = items(field, "noise levels") else { return nil }
    let levels = items.map { $0.number(.unit) }
    guard !levels.contains(nil) else { return nil }
    let sound = levels.compactMap { $0 }
    return isWithoutRepetition(sound, items) ? sound : nil
  }

  // MARK: Models

  private static func models(_ keys: KeyedFields) -> [ModelSettings]? {
    guard let (key, value) = keys.exactlyOne(of: ["model", "models"]) else { return nil }
    guard key == "models" else { return model(value).map { [$0] } }
    guard let items = items(value, "models") else { return nil }
    let models = items.map(model)
    guard !models.contains(where: { $0 == nil }) else { return nil }
    let sound = models.compactMap { $0 }
    for (index, model) in sound.enumerated() where sound[..<index].contains(model) {
      items[index].report(RelationFault.repeated("this model"))
      return nil
    }
    return sound
  }

  /// A model that every seed begins anew.
  private static func model(_ field: Field) -> ModelSettings? {
    let allowed = ["hidden", "activation", "initialization"]
    if case .mapping(let entries) = field.node.content,
      let start = entries.first(where: { $0.key == "start" })
    {
      field.context.report(
        .key(.unknown(start.key, among: allowed)), at: start.keyPosition, path: field.path)
      return nil
    }
    return ModelSettings(decoding: field)
  }

  // MARK: Seeds and baselines

  /// A number of seeds, or the seeds.
  private static func seeds(_ field: Field) -> [UInt64]? {
    if field.plainText != nil {
      return field.integer(1...mostOfEach).map { (1...UInt64($0)).map { $0 } }
    }
    guard let items = items(field, "seeds, or their number") else { return nil }
    let seeds = items.map { $0.integer(0...Int.max) }
    guard !seeds.contains(nil) else { return nil }
    let sound = seeds.compactMap { $0 }.map { UInt64($0) }
    return isWithoutRepetition(sound, items) ? sound : nil
  }

  private static func baselines(_ field: Field) -> [StudyBaseline]? {
    guard let items = field.list(of: "baselines") else { return nil }
    let baselines = items.map { $0.word("baseline", as: StudyBaseline.self) }
    guard !baselines.contains(nil) else { return nil }
    let sound = baselines.compactMap { $0 }
    return isWithoutRepetition(sound, items) ? sound : nil
  }

  // MARK: Lists

  /// The elements of a list of at least one and not too many.
  static func items(_ field: Field, _ what: String) -> [Field]? {
    guard let items = field.list(of: what) else { return nil }
    guard !items.isEmpty else {
      field.report(.emptyList(of: "element"))
      return nil
    }
    guard items.count <= mostOfEach else {
      field.report(.outOfRange("\(items.count) elements", allowed: "at most \(mostOfEach)"))
      return nil
    }
    return items
  }

  /// Whether all `values` are different; the first that is not is reported at its place.
  static func isWithoutRepetition<Value: Equatable>(_ values: [Value], _ items: [Field]) -> Bool {
    for (index, value) in values.enumerated() where values[..<index].contains(value) {
      items[index].report(RelationFault.repeated(items[index].plainText ?? "this"))
      return false
    }
    return true
  }
}
