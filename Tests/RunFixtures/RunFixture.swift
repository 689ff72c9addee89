import Foundation
import ModelFiles
import NeuralNetworks
import NumericCore
import Reports
import Runs
import Schedules
import Storage
import TestSupport

/// A small schedule with its data in a folder of its own, run through `RunSession`.
package final class RunFixture {
  package let folder: TemporaryFolder
  /// What the last run reported.
  package private(set) var events: [PipelineEvent] = []
  /// How often the last run asked whether it was interrupted.
  package private(set) var questions = 0

  /// What the first and all later runs start from.
  package static let head = """
    version: 1
    name: tiny
    seed: 7
    data:
      {csv: data.csv, task: classification, split: {validation: 0.2, test: 0.2}, scale: standard}
    model: {hidden: [7, 6], initialization: he_normal}
    training: {batch: 16, optimizer: {adam: {learning_rate: 0.01}}}

    """

  /// Six stages, 15 steps of training.
  package static let stages = """
    stages:
      - train: {epochs: 2}
      - evaluate: {part: test}
      - alternate:
          rounds: 2
          sparsity: {to: 0.8}
          finetune: {epochs: 1}
    """

  /// A run of `schedule` on 60 rows of 5 inputs and a label of 3 classes.
  package init(_ schedule: String = head + stages) throws {
    folder = try TemporaryFolder()
    try folder.write(schedule, to: "tiny.yaml")
    try folder.write(RunFixture.table(seed: 1), to: "data.csv")
  }

  /// A CSV of noisy classes, or of values where `isRegression`.
  package static func table(seed: UInt64, rows: Int = 60, isRegression: Bool = false) -> String {
    var generator = SeededGenerator(seed: seed)
    var text = "a,b,c,d,e,target\n"
    for row in 0..<rows {
      var inputs = generator.floats(5)
      inputs[row % 3] += 1.5
      let target =
        isRegression ? "\(1000 + 100 * (inputs[0] - inputs[1] * inputs[2]))" : "class\(row % 3)"
      text += inputs.map { "\($0)," }.joined() + target + "\n"
    }
    return text
  }

  package var run: RunFolder { RunFolder(checkpoints: folder.file("runs"), name: "tiny") }

  package func write(schedule: String) throws { try folder.write(schedule, to: "tiny.yaml") }

  package func session(_ configure: (inout RunSession.Options) -> Void = { _ in }) throws
    -> RunSession
  {
    var options = RunSession.Options(
      checkpoints: folder.file("runs"), surroundings: .still, continueCommand: "go on")
    configure(&options)
    return try RunSession(schedulePath: folder.file("tiny.yaml"), options: options)
  }

  /// Runs, with `ranks` where there are other processes; `stopAt` is the number, from 1, of the question from which on the answer is that the run is
  /// interrupted.
  @discardableResult
  package func run(
    threads: Int = 1, ranks: RankGroup? = nil, stopAt: Int = .max, countsPruning: Bool = false,
    _ configure: (inout RunSession.Options) -> Void = { _ in }
  ) throws -> (plan: Plan, manifest: Manifest, computed: Int) {
    events = []
    questions = 0
    let session = try session(configure)
    let log = EventLog(path: session.folder.events, now: Surroundings.still.now)
    // Pruning asks as often as it has tasks; unless they are to count, only the questions of training
    // do, and those between stages.
    var isPruning = false
    let sink = LoggingSink(log: log) { event in
      if case .stageStarted(let stage, _) = event { isPruning = stage.kind == .prune }
      if case .weightsPruned = event { isPruning = false }
      self.events.append(event)
    }
    return try session.run(
      pool: WorkerPool(threadCount: threads), ranks: ranks, events: sink.receive,
      isInterrupted: {
        if isPruning, !countsPruning { return false }
        self.questions += 1
        return self.questions >= stopAt
      })
  }

  package var manifest: Manifest { get throws { try CheckpointStore.manifest(of: run)! } }

  /// The names of the stages that the last run computed, in order.
  package var computed: [String] {
    events.compactMap { if case .stageFinished(let stage, _) = $0 { stage.name } else { nil } }
  }

  package var warnings: [String] {
    events.compactMap { if case .notice(.warning(let text)) = $0 { text } else { nil } }
  }

  package var notes: [String] {
    events.compactMap { if case .notice(.note(let text)) = $0 { text } else { nil } }
  }

  /// SHA-256 of every checkpoint, by file name.
  package func checkpoints() throws -> [String: String] {
    try folder.states(of: "runs/tiny").filter {
      $0.key.hasSuffix(".safetensors") && $0.key.first!.isNumber
    }.mapValues(\.sha256)
  }

  /// What of the checkpoints is not as in `expected`, in the order of their names.
  package func differences(from expected: [String: String]) throws -> [String] {
    let present = try checkpoints()
    return Set(present.keys).union(expected.keys).sorted().compactMap { name in
      switch (present[name], expected[name]) {
      case (nil, _): "\(name) is missing"
      case (_, nil): "\(name) is new"
      case (let now, let before): now == before ? nil : "\(name) has other bits"
      }
    }
  }

  package func states() throws -> [String: TemporaryFolder.State] { try folder.states(of: "runs") }

  /// The path in the test's folder of the checkpoint of the stage `name`.
  package func checkpoint(_ name: String) throws -> String {
    let file = try manifest.stages.last { $0.name == name }?.file
    return "runs/tiny/\(file ?? "none")"
  }

  /// The whole checkpoint of the stage `name`.
  package func contents(_ name: String) throws -> CheckpointContents {
    try StoredCheckpoint.contents(of: folder.file(checkpoint(name)))
  }

  /// Changes the manifest on disk, which stays sound.
  package func changeManifest(_ change: (inout Manifest) -> Void) throws {
    var store = try CheckpointStore(
      opening: run, manifest: manifest, writing: CheckpointWriting(level: 9))
    try store.update(change)
  }

  /// Changes the record of the stage `name` on disk.
  package func changeRecord(_ name: String, _ change: (inout StageRecord) -> Void) throws {
    try changeManifest { manifest in
      for index in manifest.stages.indices where manifest.stages[index].name == name {
        change(&manifest.stages[index])
      }
    }
  }

  /// Puts another checkpoint in the place of the one of the stage `name`, with a record to match its
  /// bytes.
  package func forge(_ name: String, _ change: (inout CheckpointContents) throws -> Void) throws {
    var contents = try contents(name)
    try change(&contents)
    let bytes = try Checkpoint.encode(contents, level: 9, digest: { Digest.sha256($0) })
    try folder.write(bytes, to: checkpoint(name))
    try changeRecord(name) { record in
      record.bytes = bytes.count
      record.sha256 = Digest.sha256(bytes)
    }
  }

  /// Runs and stops inside the stage `name`, which trains, with progress saved.
  package func interrupt(in name: String) throws {
    try? DurableFile.remove(run.progress)
    var isInside = false
    _ = try? session { $0.fresh = true }.run(
      pool: WorkerPool(threadCount: 1),
      events: { if case .stageStarted(let stage, _) = $0, stage.name == name { isInside = true } },
      isInterrupted: { isInside })
    if let summary = try? StoredCheckpoint.summary(of: run.progress),
      summary.lineage["stage"]?.stringValue == name
    {
      return
    }
    throw RunFailure.invalid("the stage \(name) was never interrupted")
  }
}
