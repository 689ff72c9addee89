import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import Testing

@Suite("Checkpoints there and back")
struct CheckpointTests {
  @Test(
    "A network comes back as it was, for any shape and density",
    arguments: [
      [1, 1], [3, 1], [1, 17, 1], [16, 16, 16], [31, 9, 65, 2], [5, 0, 4], [0, 3],
    ],
    [[2.0], [0.0], [1.0], [0.3, 2], [0, 2, 0.05]])
  func shapes(widths: [Int], densities: [Double]) throws {
    var draws = Draws(seed: UInt64(widths.reduce(7, +)))
    let contents = CheckpointContents(
      state: ModelState(network: draws.network(widths, densities: densities)))
    let read = try decoded(encoded(contents))
    #expect(read == contents)
    for (a, b) in zip(read.state.network.layers, contents.state.network.layers) {
      #expect(a.mask == b.mask)
      #expect(a.weights.elements.map(\.bitPattern) == b.weights.elements.map(\.bitPattern))
    }
  }

  @Test("Every activation comes back, with its slope", arguments: Activation.allCases)
  func activations(activation: Activation) throws {
    var draws = Draws(seed: 5)
    var contents = CheckpointContents(
      state: ModelState(network: draws.network([4, 3, 2], activation, densities: [0.5])))
    #expect(try decoded(encoded(contents)) == contents)
    contents.state.network.layers[0].slope = 0.125
    #expect(try decoded(encoded(contents)) == contents)
  }

  @Test("Optimizer, progress, best network, scalings and classes come back")
  func everything() throws {
    let contents = fullContents()
    let read = try decoded(encoded(contents))
    #expect(read == contents)
    #expect(read.progress?.lossSum.bitPattern == (0.1 + 0.2).bitPattern)
    #expect(read.progress?.best?.validationLoss.sign == .minus)
  }

  @Test("What is not there comes back as not there")
  func parts() throws {
    let full = fullContents()
    let changes: [(inout CheckpointContents) -> Void] = [
      { $0.state.optimizer = nil }, { $0.state.optimizer?.second = [] },
      { $0.state.optimizer?.first = [] },
      {
        $0.state.optimizer?.second = []; $0.state.optimizer?.first = []
      },
      { $0.progress = nil }, { $0.progress?.best = nil }, { $0.progress?.best?.network = nil },
      { $0.progress?.lastEpochLoss = nil }, { $0.state.inputScaling = nil },
      { $0.state.targetScaling = nil }, { $0.state.interface = nil },
      {
        $0.state.classes = []; $0.state.interface = nil
      },
      { $0.lineage = .null },
      { $0.fingerprint = ["deep": [[[["x"]]]], "n": .integer(.max)] },
    ]
    for change in changes {
      var contents = full
      change(&contents)
      #expect(try decoded(encoded(contents)) == contents)
    }
  }

  @Test("The smallest and the largest floats and both zeros keep their bits")
  func extremeValues() throws {
    let values: [Float] = [
      0, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, 1,
    ]
    let layer = DenseLayer(
      name: "output", weights: Matrix(rows: 2, columns: 3, values),
      bias: [-0.0, .leastNonzeroMagnitude],
      activation: .identity)
    let contents = CheckpointContents(state: ModelState(network: Network(layers: [layer])))
    let read = try decoded(encoded(contents)).state.network.layers[0]
    #expect(read.weights.elements.map(\.bitPattern) == values.map(\.bitPattern))
    #expect(read.bias.map(\.bitPattern) == layer.bias.map(\.bitPattern))
  }

  @Test("A kept weight that is 0 stays kept")
  func keptZero() throws {
    var mask = Mask(rows: 1, columns: 3)
    mask.remove(1)
    let layer = DenseLayer(
      name: "output", weights: Matrix(rows: 1, columns: 3), bias: [0], activation: .identity,
      mask: mask)
    let contents = CheckpointContents(state: ModelState(network: Network(layers: [layer])))
    #expect(try decoded(encoded(contents)).state.network.remaining == 2)
  }

  @Test("The same state gives the same bytes, whatever order its parts were made in")
  func determinism() throws {
    let first = try encoded(fullContents(), level: 9)
    #expect(try encoded(fullContents(), level: 9) == first)
    let encoder = try CheckpointEncoder(fullContents())
    var sealed = [SealedEntry?](repeating: nil, count: encoder.entries.count)
    for index in encoder.entries.indices.reversed() {
      sealed[index] = try encoder.entries[index].sealed(level: 9, digest: fnv)
    }
    #expect(try encoder.file(of: sealed.map { $0! }, digest: fnv) == first)
  }

  @Test("The level changes the size alone", arguments: [1, 9, 22])
  func levels(level: Int) throws {
    #expect(try decoded(encoded(fullContents(), level: level)) == fullContents())
  }

  @Test("Tensors beyond a million elements are split and come back", arguments: [nil, 1, 12])
  func pieces(every: Int?) throws {
    let (rows, columns) = (1_031, 1_049)
    let values = (0..<(rows * columns)).map { Float($0 & 0xffff) + 1 }
    // One weight in `every`, rounded to whole bytes.
    let mask = every.map { every in
      let bytes = (0...(rows * columns / 8)).map { UInt8($0 * 8 / every % 2 == 0 ? 0xff : 0) }
      return every == 1
        ? Mask(rows: rows, columns: columns)
        : Mask(rows: rows, columns: columns, bytes: bytes.dropLast() + [1])!
    }
    let layer = DenseLayer(
      name: "output", weights: Matrix(rows: rows, columns: columns, values),
      bias: [Float](repeating: 1, count: rows), activation: .identity, mask: mask)
    let contents = CheckpointContents(state: ModelState(network: Network(layers: [layer])))
    let file = try encoded(contents, level: 1)
    #expect(try decoded(file) == contents)
    let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    let names = header.tensors.map(\.name).filter { $0 != "ecpipe" }
    let split = ["output.weight.values.0", "output.weight.values.1", "output.bias"]
    let masks = ["output.weight.mask.0", "output.weight.mask.1"]
    switch every {
    case nil: #expect(names == split)
    case 1: #expect(names == masks + split)
    default: #expect(names == masks + ["output.weight.values", "output.bias"])
    }
  }
}
