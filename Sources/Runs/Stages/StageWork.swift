import Datasets
import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import Scheduler
import Storage

/// What a stage is computed with beside the model it goes on from: in a run, again for a replay, or in
/// a study.
package struct StageWork {
  /// The stage's, for messages.
  package let name: String
  /// Of all random numbers.
  package let seed: UInt64
  /// Of what the stage draws that scores weights.
  package let drawSeed: UInt64
  /// The loss that results are measured by.
  package let loss: Loss
  package let data: RunData
  package let pool: WorkerPool
  /// Other processes that share steps of trainings; nil without any.
  package let ranks: RankGroup?
  package let watch: StageWatch
  /// The model that the stage begins with; asked for where it goes on from its progress.
  package let base: () throws -> ModelState
  /// The model that the stage goes back to, or is to recover.
  package let origin: () throws -> ModelState
  /// The loss of that model on the validation part, under the loss given.
  package let originLoss: (Loss) throws -> Double
  /// What each layer takes, for a stage with a limit of milliseconds.
  package let times: [LayerTime]?

  /// - Parameters:
  ///   - drawSeed: follows from seed and name unless stated.
  ///   - base: not asked for by a stage that begins with it.
  ///   - origin: not asked for by a stage that neither goes back nor recovers.
  ///   - originLoss: likewise.
  package init(
    name: String, seed: UInt64, drawSeed: UInt64? = nil, loss: Loss, data: RunData,
    pool: WorkerPool, ranks: RankGroup? = nil,
    watch: StageWatch = StageWatch(), times: [LayerTime]? = nil,
    base: @escaping () throws -> ModelState = { preconditionFailure("there is no progress") },
    origin: @escaping () throws -> ModelState = { preconditionFailure("there is no origin") },
    originLoss: @escaping (Loss) throws -> Double = { _ in
      preconditionFailure("there is no origin")
    }
  ) {
    self.name = name
    self.seed = seed
    self.drawSeed = drawSeed ?? Philox.seed(seed, named: name)
    self.loss = loss
    self.data = data
    self.pool = pool
    self.ranks = ranks
    self.watch = watch
    self.times = times
    self.base = base
    self.origin = origin
    self.originLoss = originLoss
  }

  /// The metrics of `model` on one part of the data.
  ///
  /// - Parameter advice: what to do where the loss is not finite.
  /// - Throws: `RunFailure.failed` where the loss is not finite, or there is no such part; `DatasetError` where
  ///   rows cannot be read.
  package func metrics(
    of model: ModelState, on part: DataPartName,
    advice: String =
      "lower the learning rate, or look for values far from those of the training part"
  ) throws -> PartMetrics {
    guard let samples = data[part], samples.count > 0 else {
      throw RunFailure.failed(
        stage: name, reason: "the data have no \(part.rawValue) part")
    }
    let metrics = Evaluator(
      samples: samples, loss: loss, targetScaling: model.targetScaling, pool: pool
    ).metrics(of: model.network)
    try samples.demandRead()
    guard metrics.loss.isFinite else {
      throw RunFailure.failed(
        stage: name, reason: "the loss on the \(part.rawValue) part is not finite; \(advice)")
    }
    return PartMetrics(
      part: part.rawValue,
      metrics: metrics.naming(model.interface?.targets.map(\.name) ?? []))
  }
}

/// What a leaf works with.
package struct LeafWork {
  /// As every stage has it.
  package let stage: StageWork
  private let pin: (_ path: String) throws -> Void
  /// Whether files are written, rather than only made.
  private let keeps: Bool
  /// Where the model comes from; nil where it lies in no file.
  package let origin: () throws -> ModelOrigin?
  /// What the network before the first pruning makes of a part; nil where there is none to compare with.
  package let dense: (DataPartName) throws -> DenseScores?

  /// - Parameters:
  ///   - pin: notes, before it is written, that the file at a path will depend on the model.
  ///   - origin: where the model comes from.
  ///   - keeps: whether files are written, rather than only made.
  ///   - dense: what the network before the first pruning makes of a part.
  package init(
    _ stage: StageWork, keeps: Bool = true,
    pin: @escaping (_ path: String) throws -> Void = { _ in },
    origin: @escaping () throws -> ModelOrigin? = { nil },
    dense: @escaping (DataPartName) throws -> DenseScores? = { _ in nil }
  ) {
    self.dense = dense
    self.stage = stage
    self.keeps = keeps
    self.pin = pin
    self.origin = origin
  }

  /// Writes files of the model outside the run's folder, and the folders that they lie in: where they are
  /// several, all of them or none.
  ///
  /// - Throws: `StoreError`, and what noting them throws.
  package func write(_ files: [(path: String, bytes: [UInt8])]) throws -> [WrittenFile] {
    if keeps { try put(files) }
    return files.map {
      WrittenFile(path: $0.path, bytes: $0.bytes.count, sha256: Digest.sha256($0.bytes))
    }
  }

  private func put(_ files: [(path: String, bytes: [UInt8])]) throws {
    for file in files {
      try pin(file.path)
      let named = NamedFile(file.path)
      if !named.isStream { try FilePaths.makeFolders(FilePaths.folder(of: named.destination())) }
    }
    let streams = files.filter { NamedFile($0.path).isStream }
    for stream in streams { try NamedFile(stream.path).write(stream.bytes) }
    // Sources come behind the headers that they read.
    let others = files.filter { !NamedFile($0.path).isStream }
    try NamedFile.write(all: others.reversed())
  }
}

/// Who watches over a stage while it is computed: it is told how far that is, and may end it. Without
/// anything stated, nobody does.
package struct StageWatch {
  /// Whether somebody asked to stop; asked in the middle of a step.
  package var isInterrupted: () -> Bool = { false }
  /// Told between two steps where the stage could go on from; throws where it is to end there.
  package var passed: (_ progress: () -> StageProgress) throws -> Void = { _ in }
  /// Ends a stage that was interrupted in the middle of a step; `progress` is where it would go on from,
  /// nil for its beginning.
  package var interrupted: (_ progress: StageProgress?) throws -> Never = { _ in
    throw RunFailure.interrupted(stage: "", command: "")
  }
  /// Told what happens.
  package var report: (StageNews) -> Void = { _ in }

  package init() {}
}

/// Where a stage stands, so that it can go on from there in the same bits.
package struct StageProgress {
  package let state: ModelState
  /// Of a training; its epoch and step are what people are told.
  package let training: TrainingProgress
  /// What else the stage wants to know when it goes on.
  package var notes: JSONObject = [:]
  /// What it means that the state cannot be stored because it is not finite.
  package let failure: () -> RunFailure
}

/// What happens while a stage is computed.
package enum StageNews: Sendable {
  /// It goes on from saved progress.
  case resumed(epoch: Int, step: Int)
  /// It has taken a step; told of every one.
  case advanced(StageAdvance)
  case epochFinished(EpochReport, epochs: Int)
}
