import Foundation
import ModelFiles
import NeuralNetworks
import Testing

@Suite("Summing checkpoints up")
struct CheckpointSummaryTests {
  @Test("Header and description alone tell layers, weights, entries, lineage and progress")
  func header() throws {
    let contents = fullContents()
    let file = try encoded(contents)
    let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    let needed = header.dataStart + header.tensors[0].range.upperBound
    let summary = try CheckpointSummary(
      fileStart: Array(file[..<needed]), fileSize: file.count, digest: fnv)
    #expect(throws: CheckpointError.self) {
      try CheckpointSummary(
        fileStart: Array(file[..<(needed - 1)]), fileSize: file.count, digest: fnv)
    }
    let network = contents.state.network
    #expect(summary.layers.map(\.name) == ["hidden1", "output"])
    #expect(summary.layers.map(\.weights) == network.layers.map(\.remaining))
    #expect(summary.layers.map(\.isMasked) == [true, false])
    #expect(summary.weights == network.remaining)
    #expect(summary.weightCount == network.weightCount)
    #expect(summary.optimizer?.steps == 12)
    #expect(summary.progress?.progress.epoch == 3)
    #expect(summary.lineage == contents.lineage)
    #expect(summary.fingerprint == contents.fingerprint)
    #expect(summary.entries.reduce(0) { $0 + $1.storedBytes } == file.count - needed)
    let values = try #require(summary.entries.first { $0.form.name == "hidden1.weight.values" })
    #expect(values.decodedBytes == 4 * network.layers[0].remaining)
    #expect(values.form.encoding == .bytePlanes)
    let mask = try #require(summary.entries.first { $0.form.name == "hidden1.weight.mask" })
    #expect(mask.form.shape == [7, 5])
    #expect(mask.decodedBytes == 5)
  }

  @Test("A file is read as far as its description")
  func files() throws {
    let path = FileManager.default.temporaryDirectory.path + "/summary-\(UUID()).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try encoded(fullContents())
    try Data(file).write(to: URL(fileURLWithPath: path))
    let expected = try CheckpointSummary(fileStart: file, fileSize: file.count, digest: fnv)
    #expect(try CheckpointSummary(path: path, digest: fnv) == expected)
    let both = try CheckpointSummary.withClasses(path: path, digest: fnv)
    #expect(both.summary == expected && both.classes == fullContents().state.classes)
    try Data(encoded(smallContents())).write(to: URL(fileURLWithPath: path))
    #expect(try CheckpointSummary.withClasses(path: path, digest: fnv).classes == [])
    let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    let names = try #require(header.tensors.first { $0.name == "classes" }).range
    for byte in [names.lowerBound, names.upperBound - 1] {
      var changed = file
      changed[header.dataStart + byte] ^= 0x10
      try Data(changed).write(to: URL(fileURLWithPath: path))
      #expect(throws: CheckpointError.self) {
        try CheckpointSummary.withClasses(path: path, digest: fnv)
      }
    }
  }

  @Test("What is no file, or no checkpoint, is an error that says so")
  func unreadable() throws {
    let folder = FileManager.default.temporaryDirectory.path
    #expect(throws: CheckpointError.unreadable(path: folder, reason: "no regular file")) {
      try CheckpointSummary(path: folder, digest: fnv)
    }
    #expect(
      throws: CheckpointError.unreadable(
        path: "\(folder)/nothing-here", reason: "No such file or directory")
    ) { try CheckpointSummary(path: "\(folder)/nothing-here", digest: fnv) }
    let path = folder + "/summary-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: path) }
    for count in [0, 1, 7, 8, 30] {
      try Data(repeating: 0x20, count: count).write(to: URL(fileURLWithPath: path))
      #expect(throws: CheckpointError.self) { try CheckpointSummary(path: path, digest: fnv) }
    }
  }
}
