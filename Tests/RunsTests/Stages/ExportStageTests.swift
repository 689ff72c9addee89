import ModelFiles
import NumericCore
import Reports
import RunFixtures
import Runs
import Schedules
import Storage
import Testing

@Suite("Export stages") struct ExportStageTests {
  private static let stages = """
    stages:
      - train: {epochs: 2}
      - export: {safetensors: out/dense.safetensors}
      - prune: {to: 0.5}
      - export: {safetensors: pruned.safetensors}
    """

  private func finished() throws -> RunFixture {
    let fixture = try RunFixture(RunFixture.head + Self.stages)
    try fixture.run()
    return fixture
  }

  private func file(of stage: String, in fixture: RunFixture) throws -> WrittenFile {
    let record = try #require(try fixture.manifest.stages.last { $0.name == stage })
    return try #require(record.files.first)
  }

  @Test("write the model before them beside the schedule, as ecpipe export does")
  func written() throws {
    let fixture = try finished()
    for (path, parent, stage) in [
      ("out/dense.safetensors", "train", "export"), ("pruned.safetensors", "prune", "export-2"),
    ] {
      let bytes = try fixture.folder.read(path)
      #expect(
        try bytes
          == StateDictFormat().bytes(
            of: ModelExport(fixture.contents(parent).state).shrunk().export))
      let file = try file(of: stage, in: fixture)
      #expect(file.bytes == bytes.count && file.sha256 == Digest.sha256(bytes))
      #expect(FilePaths.real(file.path) == FilePaths.real(fixture.folder.file(path)))
    }
    // Leaves: the pruning goes on from the training, and no checkpoint comes of them.
    let records = try fixture.manifest.recordsByKey.values
    #expect(records.filter { !$0.kind.changesModel }.allSatisfy { $0.file == nil })
    #expect(try fixture.checkpoints().count == 2)
    #expect(try fixture.run().computed == 0)
  }

  @Test("run again where the file is gone or is another, and only then")
  func again() throws {
    let fixture = try finished()
    let before = try fixture.folder.read("pruned.safetensors")
    try DurableFile.remove(fixture.folder.file("out/dense.safetensors"))
    try fixture.folder.write("cut off", to: "pruned.safetensors")
    let status = RunStatus(
      of: try fixture.session().preview().plan, in: fixture.run, manifest: try fixture.manifest)
    #expect(status.stages.filter(\.isOpen).map(\.name) == ["export", "export-2"])
    #expect(try fixture.run(threads: 2).computed == 2)
    #expect(fixture.computed == ["export", "export-2"])
    #expect(try fixture.folder.read("pruned.safetensors") == before)
    #expect(try fixture.run().computed == 0)
  }

  @Test("a schedule that is changed and changed back has its own file again")
  func changedBack() throws {
    let fixture = try finished()
    let before = try fixture.folder.read("pruned.safetensors")
    try fixture.write(schedule: RunFixture.head + Self.stages.replacing("to: 0.5", with: "to: 0.4"))
    try fixture.run()
    #expect(try fixture.folder.read("pruned.safetensors") != before)
    try fixture.write(schedule: RunFixture.head + Self.stages)
    #expect(try fixture.run().computed == 1)
    #expect(try fixture.folder.read("pruned.safetensors") == before)
  }

  @Test("another path is no other key, but another file")
  func path() throws {
    let fixture = try finished()
    let key = try #require(try fixture.manifest.stages.last { $0.name == "export-2" }?.key)
    try fixture.write(
      schedule: RunFixture.head + Self.stages.replacing("pruned.", with: "small."))
    #expect(try fixture.run().computed == 1)
    #expect(fixture.computed == ["export-2"])
    let bytes = try fixture.folder.read("small.safetensors")
    #expect(try bytes == fixture.folder.read("pruned.safetensors"))
    #expect(try fixture.manifest.stages.filter { $0.key == key }.count == 1)
    #expect(try file(of: "export-2", in: fixture).path.hasSuffix("/small.safetensors"))
  }

  @Test("keep the checkpoint that they were written from")
  func pinned() throws {
    let fixture = try finished()
    let plan = try fixture.session().preview().plan
    let outcome = try GarbageCollection(
      folder: fixture.run, keep: .some(RetentionPolicy()), plan: plan, surroundings: .still
    ).run()
    let reasons = outcome.verdicts.map(\.reasons)
    #expect(reasons[0] == ["exported"] && reasons[1].contains("exported"))
    #expect(try fixture.run().computed == 0)
  }

  @Test("verify finds other bytes, and says where a file has gone")
  func verified() throws {
    let fixture = try finished()
    let verification = RunVerification(folder: fixture.run, surroundings: .still)
    #expect(try verification.report().findings.isEmpty)
    #expect(try verification.report().notes.isEmpty)
    let path = "pruned.safetensors"
    var bytes = try fixture.folder.read(path)
    bytes[bytes.count - 1] ^= 1
    try fixture.folder.write(bytes, to: path)
    try DurableFile.remove(fixture.folder.file("out/dense.safetensors"))
    let report = try verification.report()
    #expect(report.findings.map(\.stage) == ["export-2"])
    #expect(report.notes.count == 1)
    let deep = try DeepVerification(
      folder: fixture.run, pool: WorkerPool(threadCount: 1), surroundings: .still
    ).report()
    #expect(deep.measured == 2)
  }

  @Test(
    "a file of a run, the network that the run begins with and a folder that cannot be made are refused",
    arguments: [
      "runs/tiny/a.safetensors", "other/a.safetensors", "start.safetensors",
      "file/a.safetensors",
    ])
  func destructive(path: String) throws {
    let fixture = try RunFixture(
      RunFixture.head + "stages: [export: {safetensors: start.safetensors}]\n")
    try fixture.run()
    try FilePaths.makeFolders(fixture.folder.file("other"))
    try fixture.folder.write("{}", to: "other/run.json")
    try fixture.folder.write("", to: "file")
    try fixture.write(
      schedule: RunFixture.head.replacing(
        "{hidden: [7, 6], initialization: he_normal}", with: "{start: start.safetensors}"
      )
      .replacing(", scale: standard", with: "")
        + "stages: [train: {epochs: 1}, export: {safetensors: \(path)}]\n")
    let before = try fixture.folder.read("start.safetensors")
    let failure = try #require(throws: ScheduleError.self) { try fixture.run() }
    #expect("\(failure)".contains(": stages[1].export: "))
    #expect(try fixture.folder.read("start.safetensors") == before)
  }

  @Test("C sources come with their header, and in bytes where that is asked for")
  func sources() throws {
    let stages = """
      stages:
        - train: {epochs: 2}
        - export: {c: {file: net.c, int8: true, prefix: own, max_drop: 100}, safetensors: net.safetensors}
      """
    let fixture = try RunFixture(RunFixture.head + stages)
    try fixture.run()
    let record = try #require(try fixture.manifest.stages.last)
    let names = record.files.map { FilePaths.name(of: $0.path) }
    #expect(names == ["net.c", "net.h", "net.safetensors"])
    let source = try fixture.folder.text("net.c")
    #expect(source.contains("void own_run_int8(") && source.contains(" on the validation part\n"))
    #expect(try fixture.run().computed == 0)
    try DurableFile.remove(fixture.folder.file("net.h"))
    #expect(try fixture.run().computed == 1)
    #expect(try fixture.folder.text("net.c") == source)
    try fixture.write(
      schedule: RunFixture.head
        + stages.replacing("int8: true", with: "separate_weights: true")
        .replacing(", max_drop: 100", with: ""))
    #expect(try fixture.run().computed == 1)
    #expect(
      try !fixture.folder.text("net.c").contains("int8")
        && fixture.folder.text("net_weights.h").contains("own_"))
  }

  @Test("two stages do not write one file; a path that cannot be one is refused")
  func refused() throws {
    func plan(_ stages: String) throws -> Plan { try PlanFixture.plan("stages: [\(stages)]") }
    let failure = try #require(throws: PlanObstacle.self) {
      try plan("export: {safetensors: a.safetensors}, export: {safetensors: ./b/../a.safetensors}")
    }
    #expect("\(failure)".contains("stage export-2: another stage writes"))
    let header = try #require(throws: PlanObstacle.self) {
      try plan("export: {c: a.c}, export: {c: {file: a.c, prefix: b}}")
    }
    #expect("\(header)".contains("stage export-2: another stage writes"))
    #expect(
      try plan("export: {c: a.c}").stages[0].key == plan("export: {c: {file: b.c}}").stages[0].key)
    #expect(
      try plan("export: {safetensors: a.safetensors}").stages[0].key
        == plan("export: {safetensors: b.safetensors}").stages[0].key)
    for settings in [
      "{}", "{safetensors: model.pt}", "{onnx: model.pt}", "{safetensors: }",
      "{safetensors: {file: a.safetensors, level: 9}}", "{c: {int8: true}}", "{c: {file: a.h}}",
      "{c: {file: a.c, max_drop: 1}}", "{c: {file: a.c, prefix: 1a}}", "{c: {file: a.c, level: 9}}",
    ] {
      #expect(throws: ScheduleError.self) { try plan("export: \(settings)") }
    }
  }
}
