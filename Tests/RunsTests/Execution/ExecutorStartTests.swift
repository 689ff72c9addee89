import ModelFiles
import NeuralNetworks
import RunFixtures
import Runs
import Storage
import TestSupport
import Testing

@Suite("Where a run goes on") struct ExecutorStartTests {
  /// A finished run and its checkpoints.
  func finished() throws -> (fixture: RunFixture, checkpoints: [String: String]) {
    let fixture = try RunFixture()
    try fixture.run()
    return (fixture, try fixture.checkpoints())
  }

  /// Ways to damage a file.
  enum Damage: String, CaseIterable {
    case flippedBit, cut, lengthened, gone, emptied, link

    func apply(to name: String, in folder: TemporaryFolder) throws {
      var bytes = try folder.read(name)
      switch self {
      case .flippedBit: bytes[bytes.count / 2] ^= 4
      case .cut: bytes.removeLast(1 + bytes.count / 3)
      case .lengthened: bytes.append(0)
      case .emptied: bytes = []
      case .gone: return try DurableFile.remove(folder.file(name))
      case .link:
        try DurableFile.move(folder.file(name), to: folder.file(name) + ".elsewhere")
        return try DurableFile.link(
          folder.file(name), to: FilePaths.name(of: name) + ".elsewhere")
      }
      try folder.write(bytes, to: name)
    }
  }

  @Test(
    "the last checkpoint damaged: set aside, computed anew, same bits", arguments: Damage.allCases)
  func damagedLast(damage: Damage) throws {
    let (fixture, expected) = try finished()
    let name = try fixture.checkpoint("alternate/02/finetune")
    try damage.apply(to: name, in: fixture.folder)
    #expect(try fixture.run().computed == 1)
    #expect(fixture.computed == ["alternate/02/finetune"])
    #expect(fixture.warnings.count == 1)
    #expect(fixture.warnings[0].contains(fixture.folder.file(name)))
    #expect(fixture.warnings[0].contains("alternate/02/finetune is computed anew"))
    #expect(try fixture.differences(from: expected) == [])
    #expect(
      FilePaths.isTaken(fixture.folder.file(name) + ".damaged") == (damage != .gone))
    #expect(try fixture.run().computed == 0)
    #expect(fixture.warnings.isEmpty)
  }

  @Test(
    "a damaged checkpoint behind which a later one is sound is not needed",
    arguments: Damage.allCases)
  func damagedMiddle(damage: Damage) throws {
    let (fixture, _) = try finished()
    let name = try fixture.checkpoint("train")
    try damage.apply(to: name, in: fixture.folder)
    let before = try fixture.folder.read("runs/tiny/run.json")
    #expect(try fixture.run().computed == 0)
    // Only sizes are compared of what is not needed.
    #expect(fixture.warnings.count == (damage == .flippedBit ? 0 : 1))
    for warning in fixture.warnings {
      #expect(
        warning == fixture.folder.file(name) + ": gone or of another size; the run goes on "
          + "from a later stage and does not need it (ecpipe replay train tiny --restore puts it back)"
      )
    }
    #expect(try fixture.folder.read("runs/tiny/run.json") == before)
  }

  @Test("an evaluation that needs a damaged checkpoint has it computed anew; the result stays")
  func leafOfDamaged() throws {
    let (fixture, expected) = try finished()
    let result = try #require(FilePaths.linkTarget(fixture.run.result))
    let name = try fixture.checkpoint("train")
    try Damage.flippedBit.apply(to: name, in: fixture.folder)
    try fixture.write(
      schedule: RunFixture.head
        + RunFixture.stages.replacing(
          "  - evaluate: {part: test}",
          with: "  - evaluate: {part: test}\n  - evaluate: {part: validation}"))
    #expect(try fixture.run().computed == 1)
    #expect(fixture.computed == ["train", "evaluate-2"])
    #expect(fixture.warnings.count == 1)
    #expect(try fixture.differences(from: expected) == [])
    #expect(FilePaths.linkTarget(fixture.run.result) == result)
  }

  @Test("all checkpoints damaged: everything is computed anew, same bits")
  func damagedAll() throws {
    let (fixture, expected) = try finished()
    for name in expected.keys { try Damage.cut.apply(to: "runs/tiny/" + name, in: fixture.folder) }
    // The evaluation is no checkpoint: its record is sound.
    #expect(try fixture.run().computed == 5)
    #expect(fixture.warnings.count == 5)
    #expect(try fixture.differences(from: expected) == [])
  }

  @Test("progress stands in for a damaged ancestor: nothing of it is lost")
  func progressBehindDamage() throws {
    let whole = try RunFixture()
    try whole.run()
    let expected = try whole.checkpoints()

    let fixture = try RunFixture()
    // Stops in the second fine-tuning: questions are asked before stages and behind steps.
    var stop = 1
    while !FilePaths.exists(fixture.run.progress) || fixture.computed.count < 4 {
      _ = try? fixture.run(stopAt: stop) { $0.fresh = true }
      stop += 1
      try #require(stop < 40)
    }
    for stage in ["train", "alternate/02/prune"] {
      try Damage.flippedBit.apply(to: fixture.checkpoint(stage), in: fixture.folder)
    }
    #expect(try fixture.run().computed == 1)
    #expect(fixture.computed == ["alternate/02/finetune"])
    let name = try fixture.checkpoint("alternate/02/finetune")
    #expect(
      try fixture.checkpoints()[FilePaths.name(of: name)] == expected[FilePaths.name(of: name)])
  }

  @Test("damaged progress is set aside; the stage starts anew and ends in the same bits")
  func damagedProgress() throws {
    let (_, expected) = try finished()
    let fixture = try RunFixture()
    #expect(throws: RunFailure.self) { try fixture.run(stopAt: 4) }
    try Damage.flippedBit.apply(to: "runs/tiny/progress.safetensors", in: fixture.folder)
    try fixture.run()
    #expect(fixture.warnings.count == 1)
    #expect(fixture.warnings[0].contains("progress.safetensors: damaged ("))
    #expect(FilePaths.exists(fixture.run.progress + ".damaged"))
    #expect(try fixture.differences(from: expected) == [])
  }

  @Test("progress that does not fit its stage is set aside, whatever it claims")
  func unfittingProgress() throws {
    let (_, expected) = try finished()
    let fixture = try RunFixture()
    #expect(throws: RunFailure.self) { try fixture.run(stopAt: 4) }
    let sound = try StoredCheckpoint.contents(of: fixture.run.progress)
    var steps = sound
    steps.progress?.stepInEpoch = 1000
    var epochs = sound
    epochs.progress?.epoch = 9
    var optimizer = sound
    optimizer.state.optimizer = nil
    var finished = sound
    finished.progress = nil
    var shape = sound
    shape.state = ModelState(
      network: Architecture(widths: [5, 3], activation: .relu, initialization: .heNormal)
        .network(seed: 1), optimizer: OptimizerState(steps: 0, first: [], second: []))
    for contents in [steps, epochs, optimizer, finished, shape] {
      let bytes = try Checkpoint.encode(contents, level: 1, digest: { Digest.sha256($0) })
      try fixture.folder.write(bytes, to: "runs/tiny/progress.safetensors")
      try fixture.run()
      #expect(fixture.warnings.count == 1)
      #expect(fixture.warnings[0].contains("it does not fit stage train"))
      #expect(try fixture.differences(from: expected) == [])
      _ = try? fixture.run(stopAt: 2) { $0.fresh = true }
    }
  }

  @Test("a model made on another processor is said once")
  func fingerprint() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    var contents = try fixture.contents("train")
    contents.fingerprint["blas_core"] = "Other"
    let bytes = try Checkpoint.encode(contents, level: 9, digest: { Digest.sha256($0) })
    let name = try fixture.checkpoint("train")
    try fixture.folder.write(bytes, to: name)
    try DurableFile.remove(fixture.run.manifest)
    try fixture.run()
    #expect(fixture.computed.first == "evaluate")
    let told = fixture.warnings.filter { $0.contains("another processor") }
    #expect(told.count == 1)
    #expect(
      told[0].hasPrefix(
        fixture.folder.file(name)
          + ": made with another processor, library or engine (blas_core was "))
  }

  @Test("leftovers of a dead run are removed, other files are not")
  func leftovers() throws {
    let (fixture, _) = try finished()
    try fixture.folder.write("x", to: "runs/tiny/01-train.safetensors.partial")
    try DurableFile.link(fixture.run.file("b.partial"), to: "run.json")
    try fixture.folder.write("mine", to: "runs/tiny/notes.txt")
    try FilePaths.makeFolders(fixture.run.file("mine.partial"))
    try fixture.run()
    #expect(!FilePaths.isTaken(fixture.run.file("01-train.safetensors.partial")))
    #expect(!FilePaths.isTaken(fixture.run.file("b.partial")))
    #expect(FilePaths.isFolder(fixture.run.file("mine.partial")))
    #expect(FilePaths.exists(fixture.run.manifest))
    #expect(try fixture.folder.text("runs/tiny/notes.txt") == "mine")
  }
}
