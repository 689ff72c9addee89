import Foundation
import ModelFiles
import Runs
import Storage
import TestSupport
import Testing

@Suite("RunFolder") struct RunFolderTests {
  @Test("where the files of a run lie")
  func paths() {
    let run = RunFolder(checkpoints: "checkpoints", name: "digits")
    #expect(run.path == "checkpoints/digits")
    #expect(run.lock == "checkpoints/digits.lock")
    #expect(run.manifest == "checkpoints/digits/run.json")
    #expect(run.journal == "checkpoints/digits/run.journal")
    #expect(run.schedule == "checkpoints/digits/schedule.yaml")
    #expect(run.events == "checkpoints/digits/events.jsonl")
    #expect(run.progress == "checkpoints/digits/progress.safetensors")
    #expect(run.result == "checkpoints/digits/result.safetensors")
    #expect(run.file("a") == "checkpoints/digits/a")
  }

  @Test("a layout of its own has other names, in another folder than the rest")
  func layout() {
    var layout = RunLayout.standard
    layout.manifest = "generation.json"
    let run = RunFolder(checkpoints: "checkpoints/nightly", name: "1", layout: layout)
    #expect(run.manifest == "checkpoints/nightly/1/generation.json")
    #expect(run.lock == "checkpoints/nightly/1.lock")
    #expect(run.events == "checkpoints/nightly/1/events.jsonl")
    #expect(run != RunFolder(checkpoints: "checkpoints/nightly", name: "1"))
  }

  @Test(
    "a run by its folder",
    arguments: [
      ("a/b", "a", "b"), ("a/b/", "a", "b"), ("b", ".", "b"), ("/b", "/", "b"),
      ("/a/b//", "/a", "b"),
    ])
  func byPath(path: String, checkpoints: String, name: String) {
    #expect(RunFolder(path: path) == RunFolder(checkpoints: checkpoints, name: name))
  }

  @Test("the folder that one is in has its own name, and so the one lock")
  func dots() throws {
    let folder = try TemporaryFolder()
    try FilePaths.makeFolders(folder.file("digits/sub"))
    let expected = RunFolder(checkpoints: folder.path, name: "digits")
    #expect(RunFolder(path: folder.file("digits/.")) == expected)
    #expect(RunFolder(path: folder.file("digits/sub/..")) == expected)
    #expect(RunFolder(path: ".").path == FileManager.default.currentDirectoryPath)
  }

  @Test("checkpoints are named by position, stage and key")
  func names() {
    let key = String(repeating: "0123456789abcdef", count: 4)
    let name = CheckpointName.file(position: 7, stage: "alternate/03/prune", key: key)
    #expect(name == "07-alternate-03-prune-01234567.safetensors")
    #expect(
      CheckpointName.file(position: 123, stage: "train", key: key)
        == "123-train-01234567.safetensors")
    #expect(name.hasSuffix(CheckpointName.ending(key: key)))
    #expect(CheckpointName.ending(of: name) == CheckpointName.ending(key: key))
    for other in ["progress.safetensors", name + ".damaged", "a-b", ""] {
      #expect(CheckpointName.ending(of: other) == nil)
    }
  }

  @Test("a name that is not in use, broken links counted as use")
  func unused() throws {
    let folder = try TemporaryFolder()
    let run = RunFolder(path: folder.path)
    #expect(run.unusedPath(folder.file("a")) == folder.file("a"))
    try folder.write("", to: "a")
    #expect(run.unusedPath(folder.file("a")) == folder.file("a-2"))
    try DurableFile.link(folder.file("a-2"), to: "nowhere")
    #expect(run.unusedPath(folder.file("a")) == folder.file("a-3"))
  }
}
