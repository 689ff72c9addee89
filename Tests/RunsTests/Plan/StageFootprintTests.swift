import RunFixtures
import Runs
import Storage
import Testing

@Suite("StageFootprint") struct StageFootprintTests {
  @Test(
    "what a stage writes is never more than foreseen",
    arguments: [
      RunFixture.stages,
      """
      stages:
        - train: {epochs: 2, early_stop: {patience: 5, restore_best: true}}
        - prune: {to: 0.1}
        - finetune: {epochs: 2, optimizer: continue}
      """,
      SearchFixture.stages,
    ])
  func bound(stages: String) throws {
    for hidden in ["[7, 6]", "[97, 61]"] {
      // The lowest level compresses least.
      let fixture = try RunFixture(
        (RunFixture.head + "checkpoints: {level: 1}\n" + stages)
          .replacing("hidden: [7, 6]", with: "hidden: " + hidden))
      let (plan, manifest, _) = try fixture.run()
      for stage in plan.stages {
        let record = try #require(manifest.record(of: stage.key))
        let footprint = StageFootprint(of: stage, in: plan, manifestBytes: manifest.bytes.count)
        #expect(footprint.checkpoint >= record.bytes ?? 0)
        #expect((footprint.checkpoint == 0) == (record.bytes == nil))
        #expect((footprint.progress > 0) == (stage.epochs != nil))
        #expect(
          footprint.bytes
            == footprint.checkpoint + 2 * footprint.progress + 2 * footprint.manifest)
      }
      let smallest = StageFootprint(of: plan.stages[0], in: plan, manifestBytes: 0)
      #expect(smallest.manifest >= manifest.stages[0].json.readable.utf8.count)
      try fixture.interrupt(in: "train")
      #expect(smallest.progress >= (FilePaths.size(of: fixture.run.progress) ?? .max))
    }
  }

  @Test("a large network is foreseen by its weights, not by its header")
  func size() throws {
    let plan = try PlanFixture.plan(
      "stages: [train: {epochs: 1}]", changes: [("hidden: [7, 6]", "hidden: [4000, 1000]")])
    let footprint = StageFootprint(of: plan.stages[0], in: plan, manifestBytes: 0)
    let weights = 4 * (5 * 4000 + 4000 * 1000 + 1000 * 3)
    #expect(footprint.checkpoint > weights && footprint.checkpoint < weights * 21 / 20)
    #expect(footprint.progress > 4 * weights && footprint.progress < weights * 42 / 10)
  }
}
