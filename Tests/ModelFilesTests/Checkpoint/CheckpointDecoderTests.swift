import ModelFiles
import NeuralNetworks
import Storage
import Testing

/// Files whose digests are all right and whose contents are not: what an attacker, or a mistake in an
/// encoder, would make.
@Suite("Hostile checkpoints")
struct CheckpointDecoderTests {
  /// What decoding `fullContents` says after `change`.
  private func error(
    memoryLimit: Int = 1 << 30, _ change: (inout ForgedCheckpoint) throws -> Void
  ) throws -> CheckpointError? {
    var forged = try ForgedCheckpoint(fullContents())
    try change(&forged)
    let file = try forged.bytes
    return #expect(throws: CheckpointError.self) { try decoded(file, memoryLimit: memoryLimit) }
  }

  @Test("Unchanged, the forgery is the checkpoint")
  func unchanged() throws {
    #expect(try ForgedCheckpoint(fullContents()).bytes == encoded(fullContents()))
  }

  @Test("Another format is named as such, whatever else the file says")
  func format() throws {
    #expect(
      try error { $0.seal = ["format": 6] } == .newerFormat(found: 6, supported: 5))
    #expect(
      try error { $0.seal["format"] = 2 } == .olderFormat(found: 2, supported: 5))
    #expect(
      try error { $0.seal["format"] = "1" }
        == .metadata(.wrongKind(path: "format", expected: "an integer", found: "a string")))
    for text in ["", "[1]", "{", "{\"format\":null}", String(repeating: "[", count: 100_000)] {
      let header = try SafetensorsHeader(placing: [], metadata: ["ecpipe": .string(text)])
      let error = #expect(throws: CheckpointError.self) { try decoded(header.bytes) }
      guard case .metadata = error else {
        Issue.record("\(text.prefix(20)) gave \(String(describing: error))")
        continue
      }
    }
  }

  @Test("A description that is too long, missing, or elsewhere is refused")
  func description() throws {
    var forged = try ForgedCheckpoint(smallContents())
    let bytes = try forged.bytes
    let header = try SafetensorsHeader(fileStart: bytes, fileSize: bytes.count)
    for length in [-1, .max, 1 << 40, 16 << 20 + 1] {
      var seal = try JSONValue(parsing: header.metadata["ecpipe"]?.stringValue ?? "")
      seal.change("description", "bytes") { $0 = JSONValue(length) }
      let changed = try SafetensorsHeader(
        placing: header.tensors.map { ($0.name, $0.type, $0.shape) },
        metadata: ["ecpipe": .string(seal.canonical)])
      #expect(
        throws: CheckpointError.metadataValue(path: "description.bytes", problem: "is impossible")
      ) { try decoded(changed.bytes + bytes[header.dataStart...]) }
    }
    forged.seal["more"] = 1
    #expect(throws: CheckpointError.headerChanged) { try decoded(forged.bytes) }
    let bare = try SafetensorsHeader(
      placing: [], metadata: ["ecpipe": header.metadata["ecpipe"] ?? ""])
    #expect(throws: CheckpointError.missingEntry("ecpipe")) { try decoded(bare.bytes) }
  }

  @Test("A safetensors file of others is no checkpoint")
  func otherFile() throws {
    let header = try SafetensorsHeader(placing: [("a", .u8, [0])], metadata: ["format": "pt"])
    #expect(throws: CheckpointError.notACheckpoint) { try decoded(header.bytes) }
    let empty = try SafetensorsHeader(placing: [], metadata: [:])
    #expect(throws: CheckpointError.notACheckpoint) { try decoded(empty.bytes) }
  }

  @Test("More metadata than the encoder writes is refused")
  func moreMetadata() throws {
    var forged = try ForgedCheckpoint(fullContents())
    forged.metadata["more"] = 1
    #expect(throws: CheckpointError.headerChanged) { try decoded(forged.bytes) }
    let file = try encoded(smallContents())
    let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    var metadata = header.metadata
    metadata["other"] = "x"
    let changed = try SafetensorsHeader(
      placing: header.tensors.map { ($0.name, $0.type, $0.shape) }, metadata: metadata)
    #expect(throws: CheckpointError.headerChanged) {
      try decoded(changed.bytes + file[header.dataStart...])
    }
  }

  @Test(
    "Layers that cannot be are refused before anything is allocated",
    arguments: [
      ("inputs", .integer(.max)), ("inputs", -1), ("outputs", .integer(1 << 40)),
      ("outputs", 8), ("weights", -1), ("weights", 36), ("name", "best"), ("name", "output"),
      ("activation", "step"), ("inputs", 5.5), ("masked", 1),
    ] as [(String, JSONValue)])
  func layers(field: String, value: JSONValue) throws {
    let error = try error { forged in
      forged.metadata.change("layers", "0", field) { $0 = value }
    }
    #expect("\(try #require(error))".contains("layers"))
  }

  @Test("A layer of another size than its entries is refused")
  func otherSize() throws {
    #expect(
      try error {
        $0.metadata["interface"] = .null
        $0.metadata.change("layers", "0", "inputs") { $0 = 6 }
      }
        == .entryForm("input.shift", expected: "float64 of shape [6]"))
    #expect(
      try error { $0.metadata.change("layers", "0", "weights") { $0 = 1 } }
        == .maskMismatch(entry: "hidden1.weight.mask"))
  }

  @Test("No layers, or progress and optimizer of impossible kinds, are refused")
  func structure() throws {
    #expect(
      try error { $0.metadata["layers"] = [] }
        == .metadataValue(path: "layers", problem: "is empty"))
    #expect(try error { $0.metadata["layers"] = nil } == .metadata(.missing(path: "layers")))
    #expect(
      try error { $0.metadata.change("progress", "epoch") { $0 = -1 } }
        == .metadataValue(path: "progress", problem: "counts below 0"))
    #expect(
      try error { $0.metadata.change("optimizer", "steps") { $0 = -1 } }
        == .metadataValue(path: "optimizer.steps", problem: "is below 0"))
    #expect(
      try error { $0.metadata.change("progress", "loss_sum") { $0 = .null } }
        == .metadata(
          .wrongKind(path: "progress.loss_sum", expected: "a number", found: "null")))
    #expect(
      try error { $0.metadata.change("progress", "best", "layers", "0", "outputs") { $0 = 8 } }
        != nil)
  }

  @Test("Memory is refused before it is taken")
  func memory() throws {
    #expect(
      try error {
        $0.metadata["interface"] = .null
        $0.metadata["layers"] = [
          [
            "name": "output", "activation": "relu", "inputs": .integer(1 << 31),
            "outputs": .integer(1 << 20), "weights": 0, "masked": true, "slope": false,
          ]
        ]
      }
        == .tooLarge(
          bytes: (3 * 4 << 51) + (3 * 4 << 20) + (16 << 31) + (16 << 20) + 264, limit: 1 << 30))
    #expect(
      try error {
        $0.metadata["interface"] = .null
        $0.metadata["layers"] = [
          [
            "name": "output", "activation": "relu", "inputs": .integer(1 << 40),
            "outputs": .integer(1 << 22), "weights": 0, "masked": true, "slope": false,
          ]
        ]
      } == .tooLarge(bytes: nil, limit: 1 << 30))
    let exact = 4 * (3 * (35 + 7 + 21 + 3) + 4 * 5 + 4 * 3 + 35 + 7 + 21 + 3)
    let file = try encoded(fullContents())
    _ = try decoded(file, memoryLimit: exact)
    #expect(throws: CheckpointError.tooLarge(bytes: exact, limit: exact - 1)) {
      try decoded(file, memoryLimit: exact - 1)
    }
  }

  @Test("A frame that would unpack to more than its entry is refused")
  func bomb() throws {
    let zeros = [UInt8](repeating: 0, count: 16 << 20)
    for name in ["hidden1.weight.mask", "hidden1.weight.values", "output.bias"] {
      let size = name.hasSuffix("mask") ? 5 : 4 * (name.hasSuffix("bias") ? 3 : kept)
      #expect(
        try error { try $0.replace(name, with: zeros) }
          == .frame(
            entry: name, .sizeMismatch(.zstd, expected: size, actual: zeros.count)))
    }
  }

  private var kept: Int { fullContents().state.network.layers[0].remaining }

  @Test("An entry that is missing, superfluous, elsewhere or twice is named")
  func wrongEntries() throws {
    #expect(try error { $0.entries.remove(at: 5) } == .missingEntry("hidden1.weight.mask"))
    #expect(try error { $0.entries.removeLast() } == .missingEntry("best.output.bias"))
    #expect(
      try error { $0.entries.append(("more", $0.entries[0].frame)) } == .unexpectedEntry("more"))
    #expect(try error { $0.entries.swapAt(0, 1) } == .unexpectedEntry("input.scale"))
    #expect(
      try error { $0.metadata["entries"]?["output.bias"] = nil } == .unexpectedEntry("output.bias"))
    #expect(
      try error { forged in
        let bias = forged.metadata["entries"]?["output.bias"]
        forged.metadata.change("entries") { $0["zero"] = bias }
      }
        == .missingEntry("zero"))
    #expect(throws: SafetensorsError.repeatedName) {
      try SafetensorsHeader(placing: [("a", .u8, [0]), ("a", .u8, [0])], metadata: [:])
    }
  }

  @Test(
    "An entry described as something else is refused",
    arguments: [
      ("encoding", "bits"), ("encoding", "zip"), ("dtype", "F16"), ("shape", [4]),
      ("shape", [3, 1]),
      ("shape", [-3]), ("shape", [.integer(.max), 3]), ("shape", "3"), ("digest", 1),
    ] as [(String, JSONValue)])
  func wrongForm(field: String, value: JSONValue) throws {
    let error = try error { forged in
      forged.metadata.change("entries", "output.bias", field) { $0 = value }
    }
    #expect("\(try #require(error))".contains("output.bias"))
  }

  @Test("Contents that no encoder writes are refused")
  func wrongContents() throws {
    let mask = try #require(fullContents().state.network.layers[0].mask).bytes
    #expect(
      try error { try $0.replace("hidden1.weight.mask", with: Array(mask.dropLast()) + [0xff]) }
        == .maskMismatch(entry: "hidden1.weight.mask"))
    #expect(
      try error { try $0.replace("hidden1.weight.mask", with: [0, 0, 0, 0, 1]) }
        == .maskMismatch(entry: "hidden1.weight.mask"))
    // Four planes of three values: a NaN is 0x7fc00000.
    let nan: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0x7f, 0]
    #expect(
      try error { try $0.replace("output.bias", with: nan) } == .nonFinite(entry: "output.bias"))
    let names = try #require(try ForgedCheckpoint(fullContents()).metadata["entries"]?["classes"])
    let length = try #require(names["shape"]?[0]?.intValue)
    for text in ["[1", "[1]", "[]", "{}"] {
      let content = Array((text + String(repeating: " ", count: length - text.utf8.count)).utf8)
      #expect(
        try error { try $0.replace("classes", with: content) }
          == .entryForm("classes", expected: "an array of strings"))
    }
  }

  @Test("A frame without checksum, or of two frames, or none, is refused")
  func frames() throws {
    // One raw block of three floats, its size stated, no checksum.
    let bare: [UInt8] =
      [0x28, 0xb5, 0x2f, 0xfd, 0x20, 12, 0x61, 0, 0] + Array(repeating: 0, count: 12)
    func bias(_ frame: [UInt8]) throws -> CheckpointError? {
      try error { forged in
        let index = forged.entries.firstIndex { $0.name == "output.bias" }!
        forged.entries[index].frame = frame
      }
    }
    #expect(try bias(bare) == .frame(entry: "output.bias", .noChecksum(.zstd)))
    #expect(try bias([]) == .frame(entry: "output.bias", .truncated(.zstd)))
    #expect(
      try bias(Array("plain text".utf8)) == .frame(entry: "output.bias", .notThisFormat(.zstd)))
    let content = [UInt8](repeating: 0, count: 12)
    let frame = try Zstd.compress(content.span, level: 1)
    #expect(try bias(frame) == .contentChanged(entry: "output.bias"))
    guard case .frame("output.bias", .corrupt) = try bias(frame + frame) else {
      Issue.record("two frames were taken for one")
      return
    }
  }
}
