import Engine
import ModelFiles
import NeuralNetworks
import Storage
import Testing

/// Checkpoints that tell only what has changed since another one.
@Suite("Checkpoints with a base")
struct CheckpointBaseTests {
  private static func base(of contents: CheckpointContents) throws -> CheckpointBase {
    let file = try encoded(contents)
    let summary = try CheckpointSummary(fileStart: file, fileSize: file.count, digest: fnv)
    return CheckpointBase(identity: try #require(summary.identity), state: contents.state)
  }

  private static func contents(densities: [Double], seed: UInt64 = 5) -> CheckpointContents {
    var draws = Draws(seed: seed)
    let network = draws.network([60, 50, 10], .prelu, densities: densities)
    return CheckpointContents(
      state: ModelState(
        network: network, inputScaling: draws.scaling(60), classes: (0..<10).map { "c\($0)" }),
      lineage: ["key": .string("key of \(seed)")])
  }

  /// `contents` with every `step`th of the weights left removed, the biases shifted.
  private static func pruned(_ contents: CheckpointContents, step: Int) -> CheckpointContents {
    var result = contents
    for index in result.state.network.layers.indices {
      var layer = result.state.network.layers[index]
      var mask = layer.mask ?? Mask(rows: layer.outputs, columns: layer.inputs)
      for (ordinal, weight) in mask.keptIndices.enumerated() where ordinal % step == 0 {
        mask.remove(weight)
      }
      layer.apply(mask)
      layer.bias[0] += 1
      result.state.network.layers[index] = layer
    }
    result.lineage = ["key": "next"]
    return result
  }

  @Test(
    "What was changed comes back, whatever was changed",
    arguments: [[2], [0.5], [1], [0.02], [2, 0.3], [0.3, 2]])
  func changes(densities: [Double]) throws {
    let first = Self.contents(densities: densities)
    let base = try Self.base(of: first)
    var trained = first
    trained.state.network.layers[0].bias[3] = -7
    let others: [CheckpointContents] = [
      first, Self.pruned(first, step: 2), Self.pruned(first, step: 30), trained,
      Self.contents(densities: densities, seed: 6), Self.contents(densities: [0.4], seed: 7),
      fullContents(),
    ]
    for contents in others {
      let file = try Checkpoint.encode(contents, base: base, level: 3, digest: fnv)
      #expect(try Checkpoint.decode(file, base: base, digest: fnv) == contents)
      let summary = try CheckpointSummary(fileStart: file, fileSize: file.count, digest: fnv)
      #expect(summary.base == base.identity)
      #expect(summary.identity?.chain == 1)
    }
  }

  @Test("A weight that grows back is told, too")
  func regrown() throws {
    let dense = Self.contents(densities: [2])
    let base = try Self.base(of: Self.pruned(dense, step: 3))
    let grown = Self.pruned(dense, step: 5)
    let file = try Checkpoint.encode(grown, base: base, level: 3, digest: fnv)
    #expect(try Checkpoint.decode(file, base: base, digest: fnv) == grown)
  }

  @Test("After a round of pruning, a file has little beside mask and biases")
  func size() throws {
    let dense = Self.contents(densities: [0.5])
    let pruned = Self.pruned(dense, step: 10)
    let whole = try encoded(pruned)
    let delta = try Checkpoint.encode(
      pruned, base: Self.base(of: dense), level: 3, digest: fnv)
    #expect(whole.count > 6_000)
    #expect(delta.count < 3_000)
  }

  @Test("Nothing changed takes next to nothing")
  func unchanged() throws {
    let contents = Self.contents(densities: [0.3])
    let file = try Checkpoint.encode(
      contents, base: Self.base(of: contents), level: 3, digest: fnv)
    let summary = try CheckpointSummary(fileStart: file, fileSize: file.count, digest: fnv)
    for entry in summary.entries where entry.form.name != "classes" {
      #expect(entry.storedBytes < 48, "\(entry.form.name)")
    }
  }

  @Test("Without its base, or with another, a file is not decoded")
  func missing() throws {
    let first = Self.contents(densities: [0.5])
    let base = try Self.base(of: first)
    let file = try Checkpoint.encode(
      Self.pruned(first, step: 2), base: base, level: 3, digest: fnv)
    #expect(throws: CheckpointError.missingBase(key: "key of 5")) { try decoded(file) }
    var other = first
    other.state.network.layers[0].bias[0] += 1
    let otherBase = try Self.base(of: other)
    #expect(otherBase.identity.key == base.identity.key)
    #expect(throws: CheckpointError.missingBase(key: "key of 5")) {
      try Checkpoint.decode(file, base: otherBase, digest: fnv)
    }
  }

  @Test("The identity of a base does not depend on its level")
  func levels() throws {
    let contents = Self.contents(densities: [0.5])
    let identities = try [1, 9, 19].map { level in
      let file = try encoded(contents, level: level)
      return try CheckpointSummary(fileStart: file, fileSize: file.count, digest: fnv).identity
    }
    #expect(Set(identities.map { $0?.digest }).count == 1)
  }

  @Test("A chain that is too long, or below 0, is refused")
  func chains() throws {
    let first = Self.contents(densities: [0.5])
    let base = try Self.base(of: first)
    for chain in [-1, 8, .max] {
      var forged = try ForgedCheckpoint(Self.pruned(first, step: 2), base: base)
      forged.metadata.change("base", "chain") { $0 = JSONValue(chain) }
      #expect(
        throws: CheckpointError.metadataValue(
          path: "base.chain", problem: "is longer than any chain")
      ) { try Checkpoint.decode(forged.bytes, base: base, digest: fnv) }
    }
  }

  @Test("A difference in a whole file, and a mask of other weights than the base's, are refused")
  func forgeries() throws {
    let first = Self.contents(densities: [0.5])
    let base = try Self.base(of: first)
    var forged = try ForgedCheckpoint(Self.pruned(first, step: 2), base: base)
    forged.metadata["base"] = .null
    let error = #expect(throws: CheckpointError.self) { try decoded(forged.bytes) }
    #expect("\(try #require(error))".contains("input.shift"))
    var longer = try ForgedCheckpoint(Self.pruned(first, step: 2), base: base)
    longer.metadata.change("entries", "hidden1.weight.mask", "shape", "0") { $0 = 4 }
    #expect(throws: CheckpointError.self) {
      try Checkpoint.decode(longer.bytes, base: base, digest: fnv)
    }
  }
}
