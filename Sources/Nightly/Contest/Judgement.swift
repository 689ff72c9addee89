import Benchmarking
import Datasets
import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import Runs
import Schedules
import Storage

/// Measures two networks on the same rows, each read as it knows its data.
struct Judgement {
  let job: NightlyFolder
  let settings: PromotionSettings
  /// Of the schedule.
  let loss: Loss
  let pool: WorkerPool
  /// The data as the network in a file knows them.
  let data: (_ model: String) throws -> RunData

  /// A network with what it makes of the rows.
  struct Measured {
    var contender: Contender
    let scores: Scores
    let network: Network
    let samples: SampleSet
  }

  /// Measures the network of `night`.
  ///
  /// - Parameter data: as they were read for it; nil where they have to be read as it knows them.
  /// - Throws: `RunFailure`, `DatasetError`, `StoreError`.
  func measure(_ night: String, on data: RunData? = nil) throws -> Measured {
    let run = job.night(night)
    let model = try StoredModel(path: run.result)
    let data = try data ?? self.data(run.result)
    guard let samples = data[settings.part], samples.count > 0 else {
      throw RunFailure.invalid("data: there are no rows of the \(settings.part.rawValue) part")
    }
    let network = model.state.network
    let evaluator = Evaluator(
      samples: samples, loss: loss, targetScaling: model.state.targetScaling, pool: pool)
    var contender = try contender(night, model)
    if settings.maxMilliseconds != nil { contender.milliseconds = milliseconds(network) }
    return Measured(
      contender: contender, scores: Scores(network, by: settings.metric, with: evaluator),
      network: network, samples: samples)
  }

  /// Measures what tonight's network was before its first pruning, which takes the data as it does.
  ///
  /// - Parameter samples: the rows that tonight's network was measured on.
  func dense(_ network: DenseNetwork, on samples: SampleSet) -> PromotionRule.Dense {
    let evaluator = Evaluator(
      samples: samples, loss: loss, targetScaling: network.state.targetScaling, pool: pool)
    return PromotionRule.Dense(
      origin: network.origin,
      scores: Scores(network.state.network, by: settings.metric, with: evaluator))
  }

  /// Measures what can be said without having learnt anything from `data`.
  ///
  /// - Parameter samples: the rows that tonight's network was measured on.
  func constant(_ data: RunData, on samples: SampleSet) -> PromotionRule.Constant {
    let answer = ConstantAnswer(data, loss: loss)
    let evaluator = Evaluator(
      samples: samples, loss: loss, targetScaling: data.targetScaling, pool: pool)
    return PromotionRule.Constant(
      words: answer.words,
      scores: Scores(answer.network, by: settings.metric, with: evaluator))
  }

  /// What is known of the network of `night` without measuring it.
  private func contender(_ night: String, _ model: StoredModel) throws -> Contender {
    let run = job.night(night)
    let file = FilePaths.linkTarget(run.result)
    let manifest = try CheckpointStore.manifest(of: run)
    guard let record = manifest?.stages.last(where: { $0.file == file && file != nil }) else {
      throw RunFailure.damaged(file: run.result, reason: "it is no checkpoint that run.json lists")
    }
    return Contender(
      night: night, sha256: model.digest, bytes: model.size, weights: record.weights,
      sparsity: record.sparsity)
  }

  /// One row at batch 1 on one thread, the best of several.
  private func milliseconds(_ network: Network) -> Double {
    let predictor = Predictor(network, pool: WorkerPool(threadCount: 1))
    let row = Matrix(rows: 1, columns: network.inputs)
    return Stopwatch(seconds: 0.08, repeats: 8).best { _ = predictor.outputs(for: row) } * 1000
  }
}
