import NeuralNetworks

/// Where the models of a plan come from: memory, the beginning, a checkpoint, or computed anew from the
/// last ancestor that there is.
///
/// A class, because stages ask it for models while they are computed, and it remembers the last two.
final class ModelSource {
  /// The model before the first stage, under its key.
  private let root: (key: String, model: () throws -> ModelState)
  /// Reads the model under a key; nil where there is none that is sound.
  private let read: (String) throws -> ModelState?
  /// The model of the stage computed or read last.
  private var latest: (key: String, model: ModelState)?
  /// The model that the last rewinding went back to, or that a recovery was measured on.
  private var origin: (key: String, model: ModelState)?

  init(
    root: (key: String, model: () throws -> ModelState),
    read: @escaping (String) throws -> ModelState?
  ) {
    self.root = root
    self.read = read
  }

  /// The model under `key` is `model`.
  func note(_ model: ModelState, under key: String) { latest = (key, model) }

  /// The model under `key` where nothing has to be computed for it; nil where something has.
  func stored(_ key: String) throws -> ModelState? {
    if let latest, latest.key == key { return latest.model }
    if key == root.key { return try root.model() }
    guard let model = try read(key) else { return nil }
    latest = (key, model)
    return model
  }

  /// The way to the model under `key`, a stage of `plan` or its root: the model to begin with, and the
  /// stages to compute, the oldest first. The model is nil where the first of them finds out itself
  /// what it begins with.
  ///
  /// - Parameter beginsItself: whether a stage does.
  func way(
    to key: String, in plan: Plan, beginsItself: (PlannedStage) -> Bool
  ) throws -> (base: ModelState?, stages: [PlannedStage]) {
    var missing: [PlannedStage] = []
    var next = key
    while true {
      if let model = try stored(next) { return (model, missing.reversed()) }
      guard let stage = plan.stage(under: next), stage.kind.changesModel else {
        preconditionFailure("a parent is a stage of the plan or its root")
      }
      missing.append(stage)
      if beginsItself(stage) { return (nil, missing.reversed()) }
      next = stage.source
    }
  }

  /// The model under `key`, which a stage goes back to; `find` finds it unless it was the last one.
  func origin(_ key: String, _ find: () throws -> ModelState) throws -> ModelState {
    if let origin, origin.key == key { return origin.model }
    let model = try find()
    origin = (key, model)
    return model
  }
}
