import Engine
import Foundation
import ModelFiles
import NeuralNetworks
import Storage

@testable import Runs

/// Writes the inputs of the corpus that no golden file gives; linked with the fixtures of the
/// checkpoint's tests. Run by `Tests/fuzzing/seeds`, again whenever a format changes.
@main struct Seeds {
  /// The folder of the corpora.
  let corpus: URL

  static func main() throws {
    let seeds = Seeds(corpus: URL(fileURLWithPath: CommandLine.arguments[1]))
    try seeds.checkpoints()
    try seeds.manifest()
    try seeds.tables()
  }

  private func write(_ bytes: [UInt8], _ target: String, _ name: String) throws {
    try Data(bytes).write(to: corpus.appendingPathComponent("\(target)/\(name)"))
  }

  /// Each kind of checkpoint as a file, as a header, and with its entries unpacked.
  private func checkpoints() throws {
    var draws = Draws(seed: 7)
    let dense = CheckpointContents(
      state: ModelState(network: draws.network([2, 3], densities: [2])))
    var sparse = smallContents()
    sparse.state.network = draws.network([9, 8, 2], .tanh, densities: [0.1, 0])
    let kinds = [
      ("full", fullContents()), ("small", smallContents()), ("dense", dense), ("sparse", sparse),
    ]
    var pruned = CheckpointContents(state: knownBase.state)
    for index in pruned.state.network.layers.indices {
      let layer = pruned.state.network.layers[index]
      var mask = layer.mask ?? Mask(rows: layer.outputs, columns: layer.inputs)
      mask.remove(4)
      pruned.state.network.layers[index].apply(mask)
      pruned.state.network.layers[index].bias[0] = 0.75
    }
    let files =
      try kinds.map { ($0.0, try Checkpoint.encode($0.1, level: 9, digest: anyDigest)) }
      + [
        ("difference", try Checkpoint.encode(pruned, base: knownBase, level: 9, digest: anyDigest))
      ]
    for (name, file) in files {
      try write(file, "checkpoint", name)
      try write(try unpacked(file), "checkpoint-contents", name)
      let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
      let empty = try SafetensorsHeader(
        placing: header.tensors.map { ($0.name, $0.type, [0]) }, metadata: [:])
      try write(empty.bytes, "safetensors", "\(name)-empty")
      if name != "full" { try write(file, "safetensors", name) }
    }
    let types = SafetensorsType.allCases.enumerated()
    let forms = types.map { index, type in
      (name: "t\(index)", type: type, shape: Array(repeating: 1, count: index % 4))
    }
    let mixed = try SafetensorsHeader(placing: forms, metadata: ["format": "pt", "ключ": "\n"])
    try write(
      mixed.bytes + [UInt8](repeating: 0, count: mixed.dataCount), "safetensors", "all-types")
  }

  /// The same safetensors file with contents in place of frames.
  private func unpacked(_ file: [UInt8]) throws -> [UInt8] {
    let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    var forms: [(name: String, type: SafetensorsType, shape: [Int])] = []
    var data: [UInt8] = []
    for tensor in header.tensors {
      let start = header.dataStart + tensor.range.lowerBound
      let frame = file.span.extracting(start..<(start + tensor.range.count))
      let content = try Zstd.decompress(frame, limit: 1 << 20)
      forms.append((tensor.name, .u8, [content.count]))
      data += content
    }
    return try SafetensorsHeader(placing: forms, metadata: header.metadata).bytes + data
  }

  /// A run of a trained stage, a pruned one and a leaf.
  private func manifest() throws {
    let trained = StageRecord(
      name: "train", kind: .train, key: "1a2b3c", parent: "00ff", settings: ["epochs": 2],
      file: "01-train-1a2b3c.safetensors", bytes: 1234, sha256: "ab", weights: 12,
      layers: [LayerCount(name: "output", weights: 12, total: 12)], sparsity: 0,
      metrics: [
        PartMetrics(part: "validation", metrics: Metrics(loss: 0.25, accuracy: 0.5)),
        PartMetrics(
          part: "train", metrics: Metrics(loss: 1e-9, targets: [.init(rmse: 1.5, mae: 1, r2: -3)])),
      ], wallClockSeconds: 0.125, finishedAt: "2026-01-02T03:04:05Z")
    var pruned = trained
    pruned.name = "alternate/01/prune"
    pruned.kind = .prune
    pruned.key = "4d5e6f"
    pruned.parent = trained.key
    pruned.sparsity = 0.5
    pruned.recovery = RecoveryReport(epochs: 3, recovered: true, reference: 0.25)
    pruned.search = SearchReport(
      reason: "minimal_step", source: trained.key, held: nil, trials: 4, rollbacks: 4, before: 12,
      weights: 12, wallClockSeconds: 1.5)
    pruned.verdict = TrialVerdict(
      measure: "accuracy_drop", samples: 15, lost: 2, gained: 1, before: 0.5, after: 0.25,
      change: 0.25, bound: nil, confidence: 0.95, allowed: 0.005, holds: false)
    var leaf = trained
    leaf.kind = .evaluate
    leaf.key = "7a8b9c"
    leaf.file = nil
    leaf.bytes = nil
    leaf.sha256 = nil
    leaf.metrics = []
    let facts = DataFacts(
      digest: "cd", inputs: 4, outputs: 3, classes: ["a", "b", "c"], trainingSamples: 70,
      validationSamples: 15, testSamples: nil)
    let manifest = Manifest(
      name: "digits", schedulePath: "/s.yaml", overrides: ["seed=9"],
      schedule: ["version": 1, "stages": [["train": ["epochs": 2]]]],
      root: RootRecord(key: "00ff", settings: [:]),
      data: DataRecord(settings: ["label": "last"], files: [], facts: facts),
      stages: [trained, pruned, leaf])
    try write(manifest.bytes, "manifest", "stages")
    var json = try JSONValue(parsing: manifest.bytes)
    let file: JSONValue = ["path": "/a.csv", "bytes": 9, "modified": 10, "inode": "11"]
    json["data"]?["files"] = [file]
    try write(Array(json.readable.utf8), "manifest", "file")
    let changes: [ManifestChange] = [.listed(trained), .listed(leaf), .amended(trained)]
    var last = String(repeating: "0", count: 64)
    var journal: [UInt8] = []
    for (index, change) in changes.enumerated() {
      let line = ManifestJournal.line(change, number: index + 1, behind: last)
      journal += line.bytes
      last = line.digest
    }
    try write(journal, "manifest-journal", "stages")
    try write(json.canonicalBytes, "json", "manifest")
  }

  /// Tables behind the byte that says how they are read: bits 0 and 1 the delimiter, 2 and 3 the
  /// header, 4 and 5 the task.
  private func tables() throws {
    let texts: [(String, UInt8, String)] = [
      ("numbers", 0x00, "1,2\n3.5,-4e-3\r\n"), ("semicolons", 0x11, "1;2;x\n3;4;y\n"),
      ("tabs", 0x0a, "a\tb\n1\t2\n"), ("bars", 0x07, "1|2\n \"3\"|4\n"),
      ("classes", 0x20, "a,b,label\n1,2,x\n3,4,\"y\"\"\n\"\n"),
      ("class-numbers", 0x20, "1,2,7\n3,4,07.0\n5,6,8\n"),
      ("regression", 0x30, "k,x,y\n1,2,3\n4,5,6e38\n"),
      ("digits", 0x00, "0.1000000014901161193847656250001,123456789012345678901234567890\n"),
      ("missing", 0x00, "1,NA\nnan,inf\n"), ("mark", 0x00, "\u{feff}a,b\n1,2\n\n\n"),
    ]
    for (name, options, text) in texts { try write([options] + Array(text.utf8), "csv", name) }
  }
}
