import Runs
import Storage
import TestSupport
import Testing

@Suite("FolderOwner") struct FolderOwnerTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for (path, marks) in [
      ("runs/wine", ["run.json"]), ("runs/ways", ["study.yaml", "study.json"]),
      ("runs/job", ["nightly.json"]), ("runs/job/2026-11-23T0230", ["run.json"]),
      ("own", ["study.yaml"]),
    ] {
      try FilePaths.makeFolders(folder.file(path))
      for mark in marks { try folder.write("{}", to: "\(path)/\(mark)") }
    }
    try FilePaths.makeFolders(folder.file("runs/job/2026-11-23T0230/exports"))
    try DurableFile.link(folder.file("runs/job/champion"), to: "2026-11-23T0230")
  }

  @Test(
    "runs, studies and nightly jobs own what lies in their folders, by whatever name",
    arguments: [
      ("runs/wine/result.csv", "run", "runs/wine"),
      ("runs/wine/more/result.csv", "run", "runs/wine"),
      ("runs/ways/results.csv", "study", "runs/ways"),
      ("runs/ways/workers/a/x", "study", "runs/ways"),
      ("runs/job/decisions.csv", "nightly job", "runs/job"),
      ("runs/job/2026-11-23T0230/x.csv", "run", "runs/job/2026-11-23T0230"),
      ("runs/job/champion/exports/d.onnx", "run", "runs/job/2026-11-23T0230"),
    ])
  func owned(file: String, kind: String, owner: String) throws {
    let found = try #require(FolderOwner(ofFile: folder.file(file)))
    #expect(found.kind.rawValue == kind)
    #expect(found.path == FilePaths.real(folder.file(owner)))
    #expect(found.refusal.hasPrefix("lies in the folder of a \(kind), "))
  }

  @Test("what lies beside them is nobody's, nor what lies beside a study as somebody wrote it")
  func free() {
    for file in ["runs/x.csv", "x.csv", "own/results.csv", "none/x.csv"] {
      #expect(FolderOwner(ofFile: folder.file(file)) == nil, "\(file)")
    }
  }

  @Test("among the exports of a night only its own network is taken")
  func exports() throws {
    let night = "runs/job/2026-11-23T0230"
    for place in [night, "runs/wine"] {
      try folder.write("x", to: place + "/01-train-00000000.safetensors")
      try DurableFile.link(
        folder.file(place + "/result.safetensors"), to: "01-train-00000000.safetensors")
    }
    let champion = folder.file("runs/job/champion/result.safetensors")
    let export = folder.file("runs/job/champion/exports/d.onnx")
    let owner = try #require(FolderOwner(ofFile: export))
    #expect(owner.takes(export, exportedFrom: champion))
    let checkpoint = folder.file(night + "/01-train-00000000.safetensors")
    #expect(owner.takes(export, exportedFrom: checkpoint))
    #expect(!owner.takes(export, exportedFrom: folder.file("runs/wine/result.safetensors")))
    #expect(!owner.takes(folder.file(night + "/d.onnx"), exportedFrom: champion))
    // A run that is no night has no exports.
    let own = folder.file("runs/wine/exports/d.onnx")
    let run = try #require(FolderOwner(ofFile: own))
    #expect(!run.takes(own, exportedFrom: folder.file("runs/wine/result.safetensors")))
  }
}
