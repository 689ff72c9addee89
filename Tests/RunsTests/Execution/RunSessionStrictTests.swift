import Engine
import ModelFiles
import RunFixtures
import Runs
import Storage
import TestSupport
import Testing

@Suite("Strict runs") struct RunSessionStrictTests {
  private func other(_ contents: inout CheckpointContents) {
    contents.fingerprint["blas_core"] = "Other"
  }

  /// What a strict run of `fixture` is refused with; nothing has changed then but the lock.
  private func refusal(_ fixture: RunFixture) throws -> RunFailure {
    func settled() throws -> [String: TemporaryFolder.State] {
      try fixture.states().filter { $0.key != "tiny.lock" }
    }
    let before = try settled()
    let failure = try #require(throws: RunFailure.self) { try fixture.run { $0.isStrict = true } }
    #expect(try settled() == before)
    #expect(failure.exitCode == 65)
    return failure
  }

  @Test(
    "a model made elsewhere is refused before anything is written; without --strict it is a warning"
  )
  func refused() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "alternate/01/prune" }
    try fixture.forge("alternate/01/prune", other)
    let failure = try refusal(fixture)
    let path = fixture.folder.file(try fixture.checkpoint("alternate/01/prune"))
    #expect("\(failure)".hasPrefix("\(path): made with another processor, library or engine "))
    #expect("\(failure)".contains("go on without --strict"))
    try fixture.run()
    #expect(fixture.warnings.count == 1)
    // What was computed here is gone on from; and a run that is done needs nothing.
    try fixture.run { $0.isStrict = true }
  }

  @Test("progress saved elsewhere is refused")
  func progress() throws {
    let fixture = try RunFixture()
    try fixture.interrupt(in: "train")
    var contents = try StoredCheckpoint.contents(of: fixture.run.progress)
    other(&contents)
    let bytes = try Checkpoint.encode(contents, level: 1, digest: { Digest.sha256($0) })
    try fixture.folder.write(bytes, to: "runs/tiny/progress.safetensors")
    guard case .fingerprintChanged(fixture.run.progress, let differences) = try refusal(fixture)
    else {
      Issue.record("another refusal")
      return
    }
    #expect(differences.count == 1 && differences[0].hasPrefix("blas_core was \"Other\" and is "))
  }

  @Test("a new evaluation of a model made elsewhere is refused")
  func leaf() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    try fixture.forge("train", other)
    let failure = try #require(throws: RunFailure.self) {
      try fixture.run {
        $0.isStrict = true
        $0.until = "evaluate"
      }
    }
    #expect(failure.exitCode == 65)
  }

  @Test("made here: strict or not, the run is the same")
  func same() throws {
    let whole = try RunFixture()
    try whole.run()
    let fixture = try RunFixture()
    try fixture.run {
      $0.isStrict = true
      $0.until = "train"
    }
    try fixture.run { $0.isStrict = true }
    #expect(try fixture.differences(from: whole.checkpoints()) == [])
  }

  @Test("a checkpoint behind the damaged one, made elsewhere, is refused too")
  func behindDamage() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "alternate/01/finetune" }
    try fixture.forge("alternate/01/prune", other)
    try ExecutorStartTests.Damage.flippedBit.apply(
      to: fixture.checkpoint("alternate/01/finetune"), in: fixture.folder)
    let failure = try #require(throws: RunFailure.self) { try fixture.run { $0.isStrict = true } }
    #expect(failure.exitCode == 65)
    #expect(fixture.computed.isEmpty)
  }

  @Test("results of another engine are refused; without --strict it is a warning")
  func engine() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    try fixture.changeManifest { $0.root.settings["engine"] = 0 }
    guard case .fingerprintChanged(fixture.run.manifest, let differences) = try refusal(fixture)
    else {
      Issue.record("another refusal")
      return
    }
    #expect(differences == ["engine was 0 and is \(EngineVersion.current)"])
    try fixture.run { $0.until = "train" }
    #expect(fixture.warnings.count == 1 && fixture.warnings[0].contains(differences[0]))
    // The run is this engine's now.
    try fixture.run { $0.isStrict = true }
    #expect(fixture.warnings.isEmpty)
  }

  @Test("--fresh starts over, whatever there was")
  func fresh() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    try fixture.forge("train", other)
    try fixture.run {
      $0.isStrict = true
      $0.fresh = true
    }
  }
}
