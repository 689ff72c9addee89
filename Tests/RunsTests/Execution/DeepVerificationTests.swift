import NeuralNetworks
import NumericCore
import RunFixtures
import Runs
import Schedules
import Storage
import Testing

@Suite("Deep verification") struct DeepVerificationTests {
  private func finished() throws -> RunFixture {
    let fixture = try RunFixture()
    try fixture.run()
    return fixture
  }

  private func report(_ fixture: RunFixture) throws -> VerificationReport {
    try DeepVerification(
      folder: fixture.run, pool: WorkerPool(threadCount: 2), surroundings: .still
    ).report()
  }

  @Test("a sound run: all metrics come out with the same bits, and nothing changes")
  func sound() throws {
    let fixture = try finished()
    let before = try fixture.states()
    let report = try report(fixture)
    #expect(report.findings.isEmpty && report.notes.isEmpty)
    #expect(report.isDeep && report.measured == 6 && report.checkpoints == 5)
    #expect(try fixture.states() == before)
  }

  @Test("a sound interrupted run")
  func interrupted() throws {
    let fixture = try RunFixture()
    try fixture.interrupt(in: "alternate/02/finetune")
    let report = try report(fixture)
    #expect(report.findings.isEmpty && report.notes.isEmpty)
  }

  @Test("a record that says something else than its checkpoint is found")
  func records() throws {
    let fixture = try finished()
    let sound = try fixture.manifest
    func reasons(_ stage: String, _ change: (inout StageRecord) -> Void) throws -> [String] {
      try fixture.changeRecord(stage, change)
      let reasons = try report(fixture).findings.map(\.reason)
      try fixture.changeManifest { $0 = sound }
      return reasons
    }
    #expect(try reasons("train") { $0.weights -= 1 } == ["it has 95 weights, run.json records 94"])
    #expect(
      try reasons("train") { $0.layers[1].weights = 7 } == [
        "layer hidden2 has 42 of 42 weights, run.json records 7 of 42 in hidden2"
      ])
    #expect(
      try reasons("train") { $0.layers.removeLast() } == ["it has 3 layers, run.json records 2"])
    let settings = try reasons("alternate/01/prune") { $0.settings = ["a": 1] }
    #expect(settings.count == 1 && settings[0].hasPrefix("its settings is {"))
    let parent = try reasons("alternate/01/prune") { $0.parent = sound.root.key }
    #expect(parent.count == 1 && parent[0].hasPrefix("its parent is \""))
    #expect(try reasons("train") { $0.kind = .finetune }.count == 1)
    let loss = try reasons("alternate/02/finetune") { record in
      record.metrics[0].metrics.loss = record.metrics[0].metrics.loss.nextUp
    }
    #expect(loss.count == 1)
    #expect(loss[0].hasPrefix("stage alternate/02/finetune, validation part: loss is recorded as "))
    let accuracy = try reasons("evaluate") { $0.metrics[0].metrics.accuracy = 0.001 }
    #expect(accuracy.count == 1)
    #expect(accuracy[0].contains("test part: accuracy is recorded as 0.1 % and measured as "))
  }

  @Test("weights that were removed before and are back are found")
  func masks() throws {
    let fixture = try finished()
    let dense = try fixture.contents("train").state.network
    try fixture.forge("alternate/02/prune") { $0.state.network = dense }
    try fixture.changeRecord("alternate/02/prune") { record in
      record.weights = dense.remaining
      record.layers = LayerCount.counts(of: dense)
    }
    let findings = try report(fixture).findings
    #expect(findings.allSatisfy { $0.stage == "alternate/02/prune" })
    #expect(
      findings.contains {
        $0.reason.hasSuffix("weights that stage alternate/01/finetune had removed")
      })
    #expect(findings.last?.reason.contains("loss is recorded as") == true)
  }

  @Test("the nearest ancestor that is there is what masks are compared with")
  func gap() throws {
    let fixture = try finished()
    let key = try #require(try fixture.manifest.stages.first { $0.name.hasSuffix("01/finetune") })
      .key
    var store = try CheckpointStore(
      opening: fixture.run, manifest: fixture.manifest, writing: CheckpointWriting(level: 9))
    try store.release(keys: [key])
    #expect(try report(fixture).findings.isEmpty)
    let dense = try fixture.contents("train").state.network
    try fixture.forge("alternate/02/prune") { $0.state.network = dense }
    #expect(
      try report(fixture).findings.contains {
        $0.reason.hasSuffix("weights that stage alternate/01/prune had removed")
      })
  }

  @Test("made on another machine: close metrics are a note, others damage")
  func otherMachine() throws {
    let fixture = try finished()
    try fixture.forge("alternate/02/finetune") { $0.fingerprint["blas_core"] = "Other" }
    #expect(try report(fixture).findings.isEmpty)
    try fixture.changeRecord("alternate/02/finetune") { $0.metrics[0].metrics.loss *= 1 + 1e-6 }
    let close = try report(fixture)
    #expect(close.findings.isEmpty)
    #expect(close.notes.count == 1 && close.notes[0].contains("as close as another processor"))
    try fixture.changeRecord("alternate/02/finetune") { $0.metrics[0].metrics.loss *= 1.01 }
    #expect(try report(fixture).findings.count == 1)
  }

  @Test("other data, no data, no schedule: said, and the rest is verified")
  func withoutData() throws {
    let fixture = try finished()
    try fixture.folder.write(RunFixture.table(seed: 2), to: "data.csv")
    let changed = try report(fixture)
    #expect(changed.findings.isEmpty && changed.measured == 0)
    #expect(
      changed.notes == [
        "the data are not those of the run any more, so its metrics are not measured again"
      ])
    try DurableFile.remove(fixture.folder.file("data.csv"))
    let missing = try report(fixture)
    #expect(missing.notes.count == 1 && missing.measured == 0)
    #expect(missing.notes[0].hasPrefix("the metrics are not measured again: "))
    try DurableFile.remove(fixture.folder.file("tiny.yaml"))
    #expect(try report(fixture).notes.count == 1)
    try ExecutorStartTests.Damage.cut.apply(to: fixture.checkpoint("train"), in: fixture.folder)
    #expect(try report(fixture).findings.count == 1)
  }

  @Test("stages of an earlier schedule are verified; with another loss they are not measured")
  func earlier() throws {
    let fixture = try finished()
    try fixture.write(
      schedule: RunFixture.head.replacing("{batch: 16,", with: "{batch: 16, label_smoothing: 0.1,")
        + RunFixture.stages)
    try fixture.run()
    let report = try report(fixture)
    #expect(report.findings.isEmpty && report.checkpoints == 10 && report.measured == 6)
    #expect(report.notes.count == 6)
    #expect(
      report.notes.allSatisfy { $0.contains("made by other settings of data, model or loss") })
  }

  @Test("a damaged manifest leaves nothing to compare with")
  func manifest() throws {
    let fixture = try finished()
    try ExecutorStartTests.Damage.flippedBit.apply(to: "runs/tiny/run.json", in: fixture.folder)
    let report = try report(fixture)
    #expect(report.findings.count == 1 && report.notes.count == 1)
  }
}
