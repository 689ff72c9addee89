import Engine
import NeuralNetworks
import NumericCore
import RunFixtures
import Runs
import Schedules
import Storage
import Testing

@Suite("Executor") struct ExecutorTests {
  /// Schedules whose stages carry all kinds of state between steps and between stages.
  static let schedules: [String] = [
    RunFixture.stages,
    // Moments and step count go on from stage to stage, also through a prune stage.
    """
    stages:
      - train: {epochs: 1, optimizer: {sgd: {learning_rate: 0.1, momentum: 0.9}}}
      - prune: {to: 0.5, budget: {policy: erk}}
      - finetune: {epochs: 2, optimizer: continue}
    """,
    """
    stages:
      - train: {epochs: 1}
      - alternate:
          rounds: 2
          sparsity: {to: 0.7}
          finetune: {epochs: 1, optimizer: continue, decay: {cosine: {to: 0.001}}, clip: {norm: 1}}
    """,
    // Early stopping keeps the best network so far, and ends before the last epoch.
    """
    stages:
      - train:
          epochs: 6
          optimizer: {sgd: {learning_rate: 1.5, momentum: 0.5}}
          early_stop: {patience: 2, restore_best: true}
      - prune: {to: 0.6}
    """,
    // A search, whose trials become known as it goes.
    SearchFixture.stages,
    // Its moments go on from trial to trial and behind it; a trial rewinds.
    """
    stages:
      - train: {epochs: 1}
      - alternate:
          until: {validation: {accuracy_drop: 0.1}}
          sparsity: {step: 0.6, minimal_step: 0.2}
          rounds: 3
          rewind: {to: train}
          finetune: {epochs: 1, optimizer: continue}
      - finetune: {epochs: 1, optimizer: continue}
    """,
    // Fine-tuning that ends when the loss has recovered.
    """
    stages:
      - train: {epochs: 1}
      - prune: {to: 0.5}
      - finetune: {epochs: {min: 2, max: 6, until: recovered}, decay: {cosine: {to: 0.001}}}
    """,
  ]

  @Test("a run ends in the same bits for any number of threads", arguments: schedules)
  func threads(schedule: String) throws {
    var results: [[String: String]] = []
    for threads in [1, 2, 3] {
      let fixture = try RunFixture(RunFixture.head + schedule)
      try fixture.run(threads: threads)
      results.append(try fixture.checkpoints())
    }
    #expect(results[0].count >= 2)
    #expect(results[1] == results[0])
    #expect(results[2] == results[0])
  }

  @Test(
    "a run that was interrupted at any step, twice in a row, ends in the same bits",
    arguments: schedules)
  func interruptions(schedule: String) throws {
    let whole = try RunFixture(RunFixture.head + schedule)
    let plan = try whole.run().plan
    let expected = try whole.checkpoints()
    let questions = whole.questions
    #expect(expected.count == plan.stages.count { $0.kind.changesModel })

    for stop in 1...questions {
      let fixture = try RunFixture(RunFixture.head + schedule)
      // The second session stops after as many questions again, or right at its start.
      for stopAt in [stop, stop % 3 + 1] {
        do {
          try fixture.run(stopAt: stopAt)
        } catch RunFailure.interrupted(let stage, let command) {
          #expect(plan.stages.contains { $0.name == stage })
          #expect(command == "go on")
          #expect(!FileLock.isHeld(path: fixture.run.lock))
        }
      }
      try fixture.run()
      #expect(try fixture.differences(from: expected) == [], "stopped at question \(stop)")
      #expect(!FilePaths.exists(fixture.run.progress))
      #expect(try fixture.run().computed == 0)
    }
  }

  @Test("saving at every step changes no bit and leaves no progress behind")
  func saving() throws {
    let whole = try RunFixture()
    let plan = try whole.run().plan
    let fixture = try RunFixture()
    let store = try CheckpointStore(
      creating: fixture.run, manifest: whole.manifest.without(plan.stages),
      writing: CheckpointWriting(level: 9))
    var saves: [String] = []
    let executor = Executor(
      plan: plan, store: store,
      environment: Executor.Environment(
        pool: WorkerPool(threadCount: 1),
        events: {
          if case .progressSaved(let stage, let epoch, let step, let bytes) = $0 {
            saves.append("\(stage.name) \(epoch).\(step)")
            #expect(FilePaths.size(of: fixture.run.progress) == bytes)
          }
        }, isInterrupted: { false }, saveEvery: .zero, continueCommand: "",
        surroundings: .still,
        loadData: { try whole.session().planAndData().data }))
    #expect(try executor.run() == 6)
    // Three steps an epoch; the last one of a stage is not saved.
    let rounds = ["alternate/01/finetune", "alternate/02/finetune"]
    #expect(
      saves == ["0.1", "0.2", "1.0", "1.1", "1.2"].map { "train " + $0 }
        + rounds.flatMap { ["\($0) 0.1", "\($0) 0.2"] })
    #expect(try fixture.differences(from: whole.checkpoints()) == [])
    #expect(!FilePaths.exists(fixture.run.progress))
  }

  @Test("early stopping ends a stage before its last epoch, and restores an earlier one")
  func earlyStopping() throws {
    let fixture = try RunFixture(RunFixture.head + ExecutorTests.schedules[3])
    try fixture.run()
    let losses = fixture.events.compactMap { event -> Double? in
      if case .epochFinished(_, let report, _) = event { report.validation?.loss } else { nil }
    }
    #expect(losses.count < 6)
    let best = try #require(losses.min())
    #expect(losses.last != best)
    #expect(try fixture.manifest.stages[0].metrics[0].metrics.loss == best)
  }

  @Test("an interrupted stage's seconds are those of all its sessions")
  func seconds() throws {
    let fixture = try RunFixture()
    #expect(throws: RunFailure.interrupted(stage: "train", command: "go on")) {
      try fixture.run(stopAt: 3)
    }
    let saved = try StoredCheckpoint.summary(of: fixture.run.progress).lineage
    let before = try #require(saved["wall_clock_seconds"]?.doubleValue)
    #expect(before > 0)
    try fixture.run()
    let record = try #require(try fixture.manifest.stages.first { $0.name == "train" })
    #expect(record.wallClockSeconds > before)
    #expect(try fixture.contents("train").lineage["wall_clock_seconds"] == nil)
  }

  @Test("a finished run does nothing: no file changes")
  func finished() throws {
    let fixture = try RunFixture()
    #expect(try fixture.run().computed == 6)
    let before = try fixture.states().filter { $0.key != "tiny.lock" }
    #expect(before.count == 1 + 1 + 1 + 5 + 1, "\(before.keys)")
    let outcome = try fixture.run(stopAt: 1)
    #expect(outcome.computed == 0)
    #expect(fixture.computed.isEmpty)
    #expect(fixture.questions == 0)
    #expect(try fixture.states().filter { $0.key != "tiny.lock" } == before)
  }

  @Test("a finished run does not read the data")
  func finishedReadsNothing() throws {
    let fixture = try RunFixture()
    let plan = try fixture.run().plan
    let store = try CheckpointStore(
      opening: fixture.run, manifest: fixture.manifest,
      writing: CheckpointWriting(level: 1))
    let executor = Executor(
      plan: plan, store: store,
      environment: Executor.Environment(
        pool: WorkerPool(threadCount: 1), events: { _ in }, isInterrupted: { false },
        saveEvery: .seconds(60), continueCommand: "", surroundings: .still,
        loadData: { throw RunFailure.invalid("the data are read") }))
    #expect(try executor.run() == 0)
  }

  @Test("masks are nested, counts are those of the plan, pruned weights stay exactly 0")
  func masks() throws {
    let fixture = try RunFixture(
      RunFixture.head + """
        stages:
          - train: {epochs: 1}
          - alternate: {rounds: 3, sparsity: {to: 0.9}, finetune: {epochs: 1}}
          - prune: {to: 0.95, budget: {policy: uniform}}
          - finetune: {epochs: 1}
        """)
    let plan = try fixture.run().plan
    var previous: [Mask?] = [nil, nil, nil]
    for stage in plan.stages {
      let network = try fixture.contents(stage.name).state.network
      #expect(network.remaining == stage.weights)
      for (index, layer) in network.layers.enumerated() {
        if let counts = stage.layers { #expect(layer.remaining == counts[index]) }
        if let mask = layer.mask {
          if let before = previous[index] { #expect(mask.isSubset(of: before)) }
          if stage.kind == .finetune { #expect(mask == previous[index]) }
          let zeros = layer.weights.withSpan { span in
            span.indices.count { span[$0] == 0 && !mask[$0] }
          }
          #expect(zeros == mask.count - mask.keptCount)
        } else {
          #expect(previous[index] == nil)
        }
        previous[index] = layer.mask
      }
    }
    #expect(plan.stages.map(\.weights).last == 5)
  }

  @Test("a regression is measured in original units")
  func regression() throws {
    let fixture = try RunFixture(
      """
      version: 1
      name: tiny
      data:
        {csv: data.csv, task: regression, split: {validation: 0.2, test: 0.2}, scale: standard,
         scale_targets: standard}
      model: {hidden: [7], activation: tanh}
      training: {batch: 8, optimizer: {adam: {learning_rate: 0.02}}}
      stages: [train: {epochs: 30}, prune: {to: 0.3}, finetune: {epochs: 10}, evaluate: {}]
      """)
    try fixture.folder.write(RunFixture.table(seed: 3, isRegression: true), to: "data.csv")
    let manifest = try fixture.run().manifest
    #expect(
      manifest.stages.map { $0.metrics[0].part } == [
        "validation", "validation", "validation", "test",
      ])
    let scale = try #require(try fixture.contents("train").state.targetScaling).scale[0]
    for record in manifest.stages {
      let metrics = record.metrics[0].metrics
      let rmse = try #require(metrics.rmse)
      // The targets deviate by about 100 from their mean of about 1000.
      #expect(rmse > 1 && rmse < 200)
      // The loss is of targets as they are trained on.
      #expect(abs(metrics.loss - (rmse * scale) * (rmse * scale)) < 1e-3 * metrics.loss)
      #expect(metrics.accuracy == nil)
    }
    #expect(try #require(manifest.stages[2].metrics[0].metrics.r2) > 0.3)
  }

  @Test("without a validation part, stages are measured on the training part")
  func noValidation() throws {
    let fixture = try RunFixture(
      RunFixture.head.replacing("split: {validation: 0.2, test: 0.2}", with: "split: {test: 0.2}")
        + "stages: [train: {epochs: 1}, evaluate: {part: train}]")
    let manifest = try fixture.run().manifest
    #expect(manifest.stages.map { $0.metrics[0].part } == ["train", "train"])
    #expect(manifest.stages[0].metrics == manifest.stages[1].metrics)
  }
}

extension Manifest {
  /// The manifest without the records of `stages`.
  fileprivate func without(_ stages: [PlannedStage]) -> Manifest {
    var manifest = self
    manifest.stages.removeAll { record in stages.contains { $0.key == record.key } }
    return manifest
  }
}
