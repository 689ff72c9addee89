import Reports
import RunFixtures
import Runs
import Schedules
import Storage
import Testing

@Suite("CheckpointLineage") struct CheckpointLineageTests {
  private func finished() throws -> (fixture: RunFixture, plan: Plan) {
    let fixture = try RunFixture()
    return (fixture, try fixture.run().plan)
  }

  @Test("the chain from the result down to the initial model, with settings, data and seed")
  func chain() throws {
    let (fixture, plan) = try finished()
    let lineage = try CheckpointLineage(of: fixture.run.result)
    let expected = plan.stages.filter(\.kind.changesModel).reversed()
    #expect(lineage.steps.map(\.key) == expected.map(\.key))
    #expect(lineage.steps.map(\.stage) == expected.map(\.name))
    #expect(lineage.steps.map(\.settings) == expected.map(\.settings))
    #expect(lineage.steps.allSatisfy { $0.data == plan.facts.digest && $0.seed == "7" })
    #expect(lineage.steps.allSatisfy { $0.isPresent && $0.metrics.count == 1 })
    #expect(lineage.steps.last?.parent == plan.root.key)
    #expect(lineage.root == plan.root && lineage.missing == nil)
  }

  @Test("checkpoints that were let go or are missing are part of the chain")
  func gaps() throws {
    let (fixture, plan) = try finished()
    var store = try CheckpointStore(
      opening: fixture.run, manifest: fixture.manifest, writing: CheckpointWriting(level: 9))
    try store.release(keys: [plan.stages[0].key])
    try DurableFile.remove(fixture.folder.file(fixture.checkpoint("alternate/01/prune")))
    let lineage = try CheckpointLineage(of: fixture.run.result)
    #expect(lineage.steps.map(\.isPresent) == [true, true, true, false, false])
    #expect(lineage.steps.map { $0.file == nil } == [false, false, false, false, true])
    #expect(lineage.steps.allSatisfy { $0.data == plan.facts.digest })
    #expect(lineage.root == plan.root)
  }

  @Test("a copy outside its run knows itself and says where it comes from")
  func copy() throws {
    let (fixture, plan) = try finished()
    try fixture.folder.write(
      fixture.folder.read(fixture.checkpoint("alternate/01/prune")), to: "copy.safetensors")
    let lineage = try CheckpointLineage(of: fixture.folder.file("copy.safetensors"))
    #expect(lineage.steps.map(\.stage) == ["alternate/01/prune"])
    #expect(lineage.steps[0].metrics.isEmpty && lineage.steps[0].weights != nil)
    #expect(lineage.root == nil && lineage.missing == plan.stages[0].key)
  }

  @Test("the chain of an earlier schedule ends where its initial model is not on record")
  func earlier() throws {
    let (fixture, plan) = try finished()
    let old = fixture.folder.file(try fixture.checkpoint("alternate/01/prune"))
    try fixture.write(
      schedule: RunFixture.head.replacing("seed: 7", with: "seed: 8") + RunFixture.stages)
    try fixture.run()
    let lineage = try CheckpointLineage(of: old)
    #expect(lineage.steps.map(\.stage) == ["alternate/01/prune", "train"])
    #expect(lineage.steps.map(\.seed) == ["7", "7"])
    #expect(lineage.root == nil && lineage.missing == plan.root.key)
  }

  @Test("JSON: format, a member a step")
  func json() throws {
    let (fixture, _) = try finished()
    let json = try CheckpointLineage(of: fixture.run.result).json
    #expect(json.objectValue?.names == ["chain", "format", "missing", "root"])
    #expect(json["format"] == 1 && json["missing"] == .null)
    #expect(
      json["chain"]?[0]?.objectValue?.names == [
        "data", "file", "key", "kind", "metrics", "parent", "present", "seed", "settings",
        "sparsity", "stage", "weights",
      ])
  }
}
