import NeuralNetworks
import NumericCore
import RunFixtures
import Runs
import Schedules
import Storage
import Testing

@Suite("Rewinding") struct RewindingTests {
  private static let stages = """
    stages:
      - train: {epochs: 4, decay: {cosine: {to: 0.001}}}
      - prune: {to: 0.6}
      - rewind: {to: train, epoch: 1}
      - finetune: {epochs: 1}
    """

  private func finished(
    _ stages: String = Self.stages
  ) throws -> (fixture: RunFixture, checkpoints: [String: String]) {
    let fixture = try RunFixture(RunFixture.head + stages)
    try fixture.run()
    return (fixture, try fixture.checkpoints())
  }

  private func network(_ fixture: RunFixture, _ stage: String) throws -> Network {
    try fixture.contents(stage).state.network
  }

  @Test("the parts of a stage end in the bits of the whole stage")
  func parts() throws {
    let (split, _) = try finished()
    let (whole, _) = try finished("stages: [train: {epochs: 4, decay: {cosine: {to: 0.001}}}]")
    #expect(try network(split, "train") == network(whole, "train"))
    #expect(try network(split, "train@1") != network(whole, "train"))
    #expect(try split.contents("train@1").state.optimizer?.steps == 3)
    #expect(try split.contents("train").state.optimizer == nil)
    let epochs = split.events.compactMap { event in
      if case .epochFinished(let stage, let report, _) = event {
        return "\(stage.name) \(report.epoch)"
      }
      return nil
    }
    #expect(epochs == ["train@1 1", "train 2", "train 3", "train 4", "finetune 1"])
  }

  @Test("survivors and biases are those of the point, masks those of the pruned model")
  func rule() throws {
    for (epoch, origin) in [("epoch: 1", "train@1"), ("epoch: 4", "train")] {
      let (fixture, _) = try finished(Self.stages.replacing("epoch: 1}\n", with: "\(epoch)}\n"))
      let (before, pruned, now) = (
        try network(fixture, origin), try network(fixture, "prune"),
        try network(fixture, "rewind")
      )
      #expect(now.remaining == 95 - 57)
      for (index, layer) in now.layers.enumerated() {
        #expect(layer.mask == pruned.layers[index].mask)
        #expect(
          layer.bias == before.layers[index].bias && layer.slope == before.layers[index].slope)
        for weight in 0..<layer.weights.count {
          let isKept = layer.mask?[weight] ?? true
          let expected = isKept ? before.layers[index].weights.elements[weight] : 0
          #expect(layer.weights.elements[weight] == expected)
        }
      }
    }
  }

  @Test("epoch 0 is the model before the stage, the random one included")
  func beginning() throws {
    let (fixture, _) = try finished(
      "stages: [train: {epochs: 1}, prune: {to: 0.2}, rewind: {to: train, epoch: 0}]")
    let plan = try fixture.session().preview().plan
    let initial = plan.architecture.network(seed: plan.seed)
    let now = try network(fixture, "rewind")
    for (layer, first) in zip(now.layers, initial.layers) {
      for weight in 0..<layer.weights.count where layer.mask?[weight] ?? true {
        #expect(layer.weights.elements[weight] == first.weights.elements[weight])
      }
    }
  }

  @Test("interrupted anywhere, also in the parts, a run ends in the same bits")
  func interrupted() throws {
    let (fixture, expected) = try finished(
      """
      stages:
        - train: {epochs: 3}
        - alternate:
            sparsity: {to: 0.6, curve: {exponential: {fraction: 0.4}}}
            rewind: {to: train, epoch: 1}
            finetune: {epochs: 1}
      """)
    for stop in stride(from: 1, through: fixture.questions, by: 4) {
      #expect(throws: RunFailure.self) { try fixture.run(stopAt: stop) { $0.fresh = true } }
      try fixture.run(threads: 2)
      #expect(fixture.warnings.isEmpty)
      #expect(try fixture.differences(from: expected) == [], "stopped at \(stop)")
    }
  }

  @Test("a point whose checkpoint is gone is computed again, in a run and in a replay")
  func missing() throws {
    let (fixture, expected) = try finished()
    let store = try CheckpointStore(
      opening: fixture.run, manifest: fixture.manifest, writing: CheckpointWriting(level: 9))
    for stage in ["train@1", "rewind", "finetune"] {
      try store.setAside(file: FilePaths.name(of: fixture.checkpoint(stage)))
    }
    try fixture.run()
    #expect(try fixture.differences(from: expected) == [])

    var writing = try CheckpointStore(
      opening: fixture.run, manifest: fixture.manifest, writing: CheckpointWriting(level: 9))
    let first = try fixture.manifest.stages.filter { $0.name == "train@1" }.map(\.key)
    try writing.release(keys: Set(first))
    let before = try fixture.states()
    for stage in ["train", "rewind", "finetune"] {
      let outcome = try StageReplay(
        session: fixture.session(), pool: WorkerPool(threadCount: 1), events: { _ in }
      ).run(stage: stage, restores: false)
      #expect(outcome.isSame)
    }
    #expect(try fixture.states() == before)
  }

  @Test("another epoch computes the rewinding and what follows anew, a sound run verifies")
  func keys() throws {
    let (fixture, _) = try finished()
    let report = try DeepVerification(
      folder: fixture.run, pool: WorkerPool(threadCount: 1), surroundings: .still
    ).report()
    #expect(report.findings.isEmpty && report.checkpoints == 5)
    try fixture.write(
      schedule: RunFixture.head + Self.stages.replacing("epoch: 1}\n", with: "epoch: 4}\n"))
    try fixture.run()
    // The whole stage has a key of its own.
    #expect(fixture.computed == ["train", "prune", "rewind", "finetune"])
    try fixture.write(schedule: RunFixture.head + Self.stages)
    #expect(try fixture.run().computed == 0)
  }

  @Test("what is still to be rewound to is not collected")
  func collection() throws {
    let fixture = try RunFixture(RunFixture.head + Self.stages)
    try fixture.run { $0.until = "prune" }
    let keep = CheckpointSettings.Keep.some(RetentionPolicy())
    func names() throws -> [String] {
      try GarbageCollection(
        folder: fixture.run, keep: keep, plan: fixture.session().preview().plan,
        surroundings: .still
      ).run().verdicts.filter(\.isKept).map(\.record.name)
    }
    #expect(try names() == ["train@1", "prune"])
    try fixture.run()
    #expect(fixture.computed == ["rewind", "finetune"])
    #expect(try names() == ["finetune"])
  }
}
