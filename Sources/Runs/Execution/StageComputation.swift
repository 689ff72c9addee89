import Datasets
import Engine
import NeuralNetworks
import NumericCore
import Scheduler
import Storage

/// Computes single stages of a plan from the models that they begin with. Nothing here touches the disk:
/// a run commits what comes out, a replay compares it.
struct StageComputation {
  let plan: Plan
  let data: RunData
  let pool: WorkerPool
  /// Other processes that share steps of trainings; nil without any.
  var ranks: RankGroup? = nil
  /// What is recorded under a key.
  let record: (String) -> StageRecord?
  /// Finds the model under a key.
  let model: (String) throws -> ModelState

  /// What `stage` works with.
  ///
  /// - Parameter times: what layers take, for a stage that goes by it.
  func work(
    for stage: PlannedStage, times: InferenceTimes? = nil, watch: StageWatch = StageWatch()
  ) -> StageWork {
    StageWork(
      name: stage.name, seed: plan.seed, loss: plan.loss, data: data, pool: pool, ranks: ranks,
      watch: watch,
      times: times?.layers, base: { try model(stage.source) },
      origin: { try model(stage.links.origin ?? stage.links.unpruned) },
      originLoss: { try loss(of: stage.links.unpruned, under: $0) })
  }

  /// What `stage` comes to, with the optimizer's moments only where they are needed later.
  ///
  /// - Throws: `RunFailure`, and what `work` throws.
  func result(
    of stage: PlannedStage, from start: StageStart, _ work: StageWork
  ) throws -> StageResult {
    guard let action = stage.action.modelStage else {
      preconditionFailure("a leaf has no model of its own")
    }
    var result = try action.run(from: start, work)
    if !stage.links.keepsOptimizer { result.model.optimizer = nil }
    guard result.model.network.isFinite else { throw RunFailure.notFinite(stage: stage.name) }
    return result
  }

  /// The validation loss of the model under `key`.
  ///
  /// It is that on record where records are measured by the same loss, and else measured on the model,
  /// which has the same bits.
  private func loss(of key: String, under loss: Loss) throws -> Double {
    if loss == plan.loss,
      let recorded = record(key)?.metrics.first(where: {
        $0.part == DataPartName.validation.rawValue
      })
    {
      return recorded.metrics.loss
    }
    guard let samples = data.validation, samples.count > 0 else {
      throw RunFailure.invalid("data: there is no validation part to recover on; give it a share")
    }
    let model = try model(key)
    return Evaluator(
      samples: samples, loss: loss, targetScaling: model.targetScaling, pool: pool
    ).metrics(of: model.network).loss
  }
}

extension Plan {
  /// What the checkpoint of `stage` says of where it comes from, and of how a recovery ended: what a
  /// record cannot find out again where the run is killed before it is listed.
  ///
  /// - Parameter times: what layers take, for a stage that went by it.
  func lineage(
    of stage: PlannedStage, times: InferenceTimes?, recovery: RecoveryReport? = nil
  ) -> JSONValue {
    var lineage: JSONValue = [
      "key": .string(stage.key), "parent": .string(stage.parent), "stage": .string(stage.name),
      "kind": .string(stage.kind.rawValue), "settings": stage.settings,
      "data": .string(facts.digest), "seed": .string(String(seed)),
    ]
    // The model of a search is that of its last trial that held.
    if case .search = stage.action { lineage["source"] = .string(stage.source) }
    // What its sparsity counts from; elsewhere its shapes say it.
    if stage.isShrunk { lineage["total"] = JSONValue(architecture.weightCount) }
    if let times { lineage["times"] = times.json }
    if let recovery { lineage["recovery"] = recovery.json }
    return lineage
  }
}

extension Manifest {
  /// What layers take, where `stage` of `plan` goes by it and it is known.
  func times(for stage: PlannedStage, in plan: Plan) -> InferenceTimes? {
    stage.callTime.flatMap { times(of: plan.architecture, batch: $0.batch) }
  }
}
