import ModelFiles
import NeuralNetworks
import RunFixtures
import Runs
import Storage
import TestSupport
import Testing

extension ExecutorStartTests {
  @Test("killed between checkpoint and manifest: the checkpoint is taken up, not computed")
  func unlisted() throws {
    let whole = try RunFixture()
    try whole.run()
    let expected = try whole.checkpoints()
    // After each stage, the folder as a kill right before the manifest leaves it.
    for stage in ["train", "alternate/01/prune", "alternate/02/finetune"] {
      let fixture = try RunFixture()
      let names = try whole.manifest.stages.map(\.name)
      let index = try #require(names.firstIndex(of: stage))
      if index > 0 { try fixture.run { $0.until = names[index - 1] } }
      let older = index > 0 ? try fixture.folder.read("runs/tiny/run.json") : nil
      let link = FilePaths.linkTarget(fixture.run.result)
      try fixture.run { $0.until = stage }
      if let older { try fixture.folder.write(older, to: "runs/tiny/run.json") }
      if let link { try DurableFile.link(fixture.run.result, to: link) }
      let file = "tiny/" + FilePaths.name(of: try whole.checkpoint(stage))
      let before = try fixture.states()[file]

      try fixture.run()
      #expect(!fixture.computed.contains(stage))
      #expect(try fixture.states()[file] == before)
      if older != nil {
        #expect(
          fixture.warnings == [
            "\(fixture.run.path): finished stages that run.json did not list are taken up: \(stage)"
          ])
      }
      #expect(try fixture.differences(from: expected) == [])
      let metrics = try fixture.manifest.stages.map { "\($0.key) \($0.metrics)" }
      #expect(try Set(metrics) == Set(whole.manifest.stages.map { "\($0.key) \($0.metrics)" }))
      #expect(
        FilePaths.linkTarget(fixture.run.result) == FilePaths.linkTarget(whole.run.result))
    }
  }

  @Test("killed between manifest and link: the result points at the last stage in the end")
  func staleResult() throws {
    let (fixture, _) = try finished()
    let target = try #require(FilePaths.linkTarget(fixture.run.result))
    try DurableFile.link(
      fixture.run.result, to: FilePaths.name(of: fixture.checkpoint("train")))
    #expect(try fixture.run().computed == 0)
    #expect(FilePaths.linkTarget(fixture.run.result) == target)
    try DurableFile.remove(fixture.run.result)
    #expect(try fixture.run().computed == 0)
    #expect(FilePaths.linkTarget(fixture.run.result) == target)
  }

  @Test("killed between manifest and the end of the progress file: it goes, nothing is computed")
  func staleProgress() throws {
    let fixture = try RunFixture()
    #expect(throws: RunFailure.self) { try fixture.run(stopAt: 4) }
    let progress = try fixture.folder.read("runs/tiny/progress.safetensors")
    try fixture.run()
    try fixture.folder.write(progress, to: "runs/tiny/progress.safetensors")
    #expect(try fixture.run().computed == 0)
    #expect(fixture.warnings.isEmpty)
    #expect(!FilePaths.exists(fixture.run.progress))
  }

  @Test("a damaged manifest is set aside, and every checkpoint taken up as it is")
  func damagedManifest() throws {
    let (fixture, expected) = try finished()
    let before = try fixture.states()
    let records = try fixture.manifest.stages
    var bytes = try fixture.folder.read("runs/tiny/run.json")
    bytes[bytes.count / 2] ^= 1
    try fixture.folder.write(bytes, to: "runs/tiny/run.json")
    // The evaluation had its result in the manifest alone.
    #expect(try fixture.run().computed == 1)
    #expect(fixture.computed == ["evaluate"])
    #expect(fixture.warnings.count == 2)
    #expect(fixture.warnings[0].contains("run.json: damaged ("))
    #expect(fixture.warnings[1].contains("are taken up: train, alternate/01/prune, "))
    #expect(try fixture.folder.read("runs/tiny/run.json.damaged") == bytes)
    #expect(try fixture.differences(from: expected) == [])
    let after = try fixture.states()
    for name in expected.keys { #expect(after["tiny/" + name] == before["tiny/" + name]) }
    for record in try fixture.manifest.stages {
      let old = try #require(records.first { $0.key == record.key })
      #expect(record.metrics == old.metrics && record.layers == old.layers)
      #expect(record.file == old.file && record.bytes == old.bytes && record.sha256 == old.sha256)
    }
  }

  @Test("without a manifest, damaged checkpoints are set aside and the others taken up")
  func damagedUnlisted() throws {
    let (fixture, expected) = try finished()
    let name = try fixture.checkpoint("alternate/01/finetune")
    let last = try fixture.checkpoint("alternate/02/finetune")
    try Damage.flippedBit.apply(to: name, in: fixture.folder)
    try Damage.cut.apply(to: last, in: fixture.folder)
    try DurableFile.remove(fixture.run.manifest)
    try fixture.run()
    #expect(fixture.computed == ["evaluate", "alternate/02/finetune"])
    #expect(FilePaths.exists(fixture.folder.file(name) + ".damaged"))
    #expect(FilePaths.exists(fixture.folder.file(last) + ".damaged"))
    var rest = expected
    rest[FilePaths.name(of: name)] = nil
    #expect(try fixture.differences(from: rest) == [])
  }

  @Test("a checkpoint of another run, schedule or stage is never taken for one of the plan")
  func foreign() throws {
    let (fixture, expected) = try finished()
    let train = try fixture.folder.read(fixture.checkpoint("train"))
    let last = try fixture.checkpoint("alternate/02/finetune")
    // Under the very name that the last stage's checkpoint has.
    try fixture.folder.write(train, to: last)
    try DurableFile.remove(fixture.run.manifest)
    try fixture.run()
    #expect(fixture.computed == ["evaluate", "alternate/02/finetune"])
    #expect(try fixture.differences(from: expected) == [])
    #expect(try fixture.folder.read(last + ".replaced") == train)
  }
}
