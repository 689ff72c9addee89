import ModelFiles
import RunFixtures
import Runs
import Schedules
import Storage
import Testing

@Suite("CheckpointSealing") struct CheckpointSealingTests {
  @Test("sealed beside, a checkpoint has the bytes that it has when it is encoded in one go")
  func sameBytes() throws {
    let fixture = try RunFixture()
    try fixture.run()
    let manifest = try fixture.manifest
    let store = try CheckpointStore(
      opening: fixture.run, manifest: manifest, writing: CheckpointWriting(level: 9))
    for record in manifest.stages where record.file != nil {
      let contents = try store.contents(of: record)
      let sealing = try store.seal(contents, parent: record.parent) { nil }
      let bytes = try sealing.bytes()
      #expect(sealing.isDone && sealing.base == nil)
      #expect(try bytes == Checkpoint.encode(contents, level: 9, digest: { Digest.sha256($0) }))
      #expect(Digest.sha256(bytes) == record.sha256)
    }
  }

  @Test("a model that cannot be stored is said when its bytes are asked for")
  func nonFinite() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    var contents = try fixture.contents("train")
    contents.state.network.layers[0].bias[0] = .nan
    let store = try CheckpointStore(
      opening: fixture.run, manifest: fixture.manifest, writing: .standard)
    let sealing = try store.seal(contents, parent: "none") { nil }
    #expect(throws: CheckpointError.nonFinite(entry: "hidden1.bias")) { try sealing.bytes() }
  }

  @Test("the last model keeps its optimizer's moments where that is asked for")
  func moments() throws {
    let fixture = try RunFixture()
    try fixture.run()
    #expect(try fixture.contents("alternate/02/finetune").state.optimizer == nil)
    let keeping = try RunFixture(
      RunFixture.head + RunFixture.stages + "\ncheckpoints: {moments: keep}\n")
    try keeping.run()
    #expect(try keeping.contents("alternate/02/finetune").state.optimizer != nil)
    #expect(try keeping.contents("alternate/02/prune").state.optimizer == nil)
    // A stage added later goes on from them, and nothing before it is computed again.
    try keeping.write(
      schedule: RunFixture.head + RunFixture.stages
        + "\n  - finetune: {epochs: 1, optimizer: continue}\ncheckpoints: {moments: keep}\n")
    try keeping.run()
    #expect(keeping.computed == ["finetune"])
  }
}
