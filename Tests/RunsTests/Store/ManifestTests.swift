import NeuralNetworks
import RunFixtures
import Runs
import Storage
import Testing

@Suite("Manifest") struct ManifestTests {
  /// The manifest of a short run, with a leaf and a pruned stage.
  private func manifest() throws -> Manifest {
    let fixture = try RunFixture(
      RunFixture.head
        + "stages: [train: {epochs: 1}, evaluate: {}, prune: {to: 0.5, budget: {policy: erk}}]")
    return try fixture.run { $0.overrides = ["seed=9"] }.manifest
  }

  /// A small one, so that every byte of it can be damaged.
  private func small() throws -> Manifest {
    var manifest = try manifest()
    manifest.schedule = ["a": 1]
    manifest.data.files.removeAll()
    manifest.stages.removeLast(2)
    manifest.stages[0].settings = [:]
    manifest.stages[0].layers.removeLast(2)
    manifest.data.settings = [:]
    manifest.root.settings = [:]
    return manifest
  }

  @Test("what is written is read again, to the bit")
  func roundTrip() throws {
    let manifest = try manifest()
    #expect(manifest.stages.count == 3)
    let read = try Manifest(bytes: manifest.bytes)
    #expect(read == manifest)
    #expect(read.bytes == manifest.bytes)
    #expect(read.overrides == ["seed=9"])
    #expect(read.stages[1].file == nil && read.stages[1].bytes == nil)
    #expect(read.record(of: manifest.stages[2].key) == manifest.stages[2])
    #expect(read.record(of: "none") == nil)
    #expect(read.recordsByKey.count == 3)
  }

  @Test("it is readable JSON with the members of the documentation")
  func form() throws {
    let json = try JSONValue(parsing: manifest().bytes)
    #expect(
      json.objectValue?.names == [
        "data", "format", "name", "overrides", "root", "schedule", "schedule_path", "sha256",
        "stages",
      ])
    #expect(json["format"] == 4)
    #expect(
      json["stages"]?[0]?.objectValue?.names == [
        "base", "bytes", "file", "finished_at", "key", "kind", "layers", "metrics", "name",
        "parent",
        "settings", "sha256", "sparsity", "wall_clock_seconds", "weights",
      ])
    #expect(json["stages"]?[2]?["weights"] == 47)
    #expect(json["stages"]?[0]?["metrics"]?.objectValue?.names == ["validation"])
    #expect(json["stages"]?[1]?["metrics"]?["test"]?.objectValue?.names == ["accuracy", "loss"])
  }

  @Test("metrics of a regression, and a loss that was not finite, survive")
  func metrics() throws {
    var manifest = try small()
    manifest.stages[0].metrics = [
      PartMetrics(
        part: "test", metrics: Metrics(loss: 0.1, targets: [.init(rmse: 1e-300, mae: 1, r2: -3)]))
    ]
    #expect(try Manifest(bytes: manifest.bytes) == manifest)
    manifest.stages[0].metrics[0].metrics = Metrics(loss: .infinity)
    let read = try Manifest(bytes: manifest.bytes)
    #expect(read.stages[0].metrics[0].metrics.loss.isNaN)
  }

  @Test("a flipped bit in any byte is found", .timeLimit(.minutes(1)), arguments: 0..<8)
  func flips(bit: Int) throws {
    let bytes = try small().bytes
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 1 << UInt8(bit)
      let error = #expect(throws: ManifestError.self, "byte \(index)") {
        try Manifest(bytes: damaged)
      }
      guard case .damaged(let reason)? = error, !reason.isEmpty else {
        Issue.record("byte \(index): \(error as Any)")
        continue
      }
    }
  }

  @Test("a file cut anywhere, or longer, is found", .timeLimit(.minutes(1)))
  func cuts() throws {
    let bytes = try small().bytes
    for count in bytes.indices {
      #expect(throws: ManifestError.self) { try Manifest(bytes: Array(bytes[..<count])) }
    }
    for tail in [" ", "\n", "{}", "\0"] {
      #expect(throws: ManifestError.self) { try Manifest(bytes: bytes + tail.utf8) }
    }
  }

  @Test("other formats are told apart from damage")
  func formats() throws {
    for (format, error) in [
      (5, ManifestError.newer(format: 5)), (3, .older(format: 3)), (99, .newer(format: 99)),
    ] {
      // Of another format, nothing is known but format and digest.
      var json: JSONValue = ["format": JSONValue(format), "what": ["is": "new"]]
      #expect(throws: error) { try Manifest(bytes: RecordFixture.sealed(json)) }
      json["sha256"] = .string(Digest.sha256("else"))
      #expect(throws: ManifestError.damaged(reason: "the content does not match its digest")) {
        try Manifest(bytes: Array(json.readable.utf8))
      }
    }
    #expect(
      "\(ManifestError.newer(format: 5))"
        == "written by a newer ecpipe: format 5, this one reads 4")
    #expect(
      "\(ManifestError.older(format: 1))"
        == "written by an older ecpipe: format 1, this one reads 4")
  }

  @Test("records are found by their keys; one under a key that is there takes its place at the end")
  func records() throws {
    var manifest = try small()
    manifest.stages = try [RecordFixture.record("a"), RecordFixture.record("b")]
    var again = try RecordFixture.record("a", loss: 2)
    manifest.apply(.listed(again))
    #expect(manifest.stages.map(\.key) == ["b", "a"])
    #expect(manifest.record(of: "a") == again)
    again.file = nil
    manifest.apply(.amended(again))
    let unknown = try RecordFixture.record("c")
    manifest.apply(.amended(unknown))
    #expect(manifest.stages == [try RecordFixture.record("b"), again])
    #expect(try Manifest(bytes: manifest.bytes) == manifest)
  }

  @Test("two records under one key are damage")
  func oneKey() throws {
    let manifest = try manifest()
    var json = try JSONValue(parsing: manifest.bytes)
    json["stages"] = .array([manifest.stages[0].json, manifest.stages[0].json])
    #expect(throws: ManifestError.damaged(reason: "two of its stages have one key")) {
      try Manifest(bytes: RecordFixture.sealed(json))
    }
  }

  @Test(
    "a file name that leads out of the folder is refused",
    arguments: ["../a", "a/b", "", ".x", "/a"])
  func traversal(name: String) throws {
    var manifest = try small()
    manifest.stages[0].file = name
    let error = try #require(throws: ManifestError.self) { try Manifest(bytes: manifest.bytes) }
    #expect("\(error)".contains("a plain file name"))
  }

  @Test(
    "what is no manifest at all", arguments: ["", "{", "[]", "{}", "{\"format\":1}", "null", "1"])
  func nonsense(text: String) {
    #expect(throws: ManifestError.self) { try Manifest(bytes: Array(text.utf8)) }
  }
}
