import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import Testing

@Suite("Writing checkpoints")
struct CheckpointEncoderTests {
  /// A state of one layer "output", changed by `change`.
  private func error(_ change: (inout CheckpointContents) -> Void) throws -> CheckpointError? {
    var contents = fullContents()
    change(&contents)
    return #expect(throws: CheckpointError.self) { try encoded(contents) }
  }

  @Test("A value that is not finite is refused, and its entry named")
  func nonFinite() throws {
    #expect(
      try error { $0.state.network.layers[0].bias[2] = .nan } == .nonFinite(entry: "hidden1.bias"))
    #expect(
      try error { $0.state.network.layers[1].weights[0, 0] = .infinity }
        == .nonFinite(entry: "output.weight.values"))
    #expect(
      try error { $0.state.network.layers[0].slope = -.infinity }
        == .nonFinite(entry: "hidden1.slope"))
    #expect(
      try error { $0.state.optimizer?.second[1].bias[0] = .nan }
        == .nonFinite(entry: "output.bias.moment2"))
    #expect(
      try error { $0.progress?.lossSum = .nan } == .nonFinite(entry: "progress.loss_sum"))
    #expect(
      try error { $0.progress?.best?.network?.layers[1].bias[0] = .nan }
        == .nonFinite(entry: "best.output.bias"))
  }

  @Test("A value where the mask removes the weight is refused, minus zero too")
  func prunedNotZero() throws {
    let mask = try #require(fullContents().state.network.layers[0].mask)
    let index = try #require((0..<mask.count).first { !mask[$0] })
    let (row, column) = (index / 5, index % 5)
    for value in [Float(1), -0.0] {
      #expect(
        try error { $0.state.network.layers[0].weights[row, column] = value }
          == .prunedNotZero(entry: "hidden1.weight.values"))
      #expect(
        try error { $0.state.optimizer?.first[0].weights[row, column] = value }
          == .prunedNotZero(entry: "hidden1.weight.moment1"))
    }
  }

  @Test("Parts that do not fit the network are refused")
  func shapes() throws {
    #expect(
      try error { $0.state.optimizer?.first.removeLast() } == .shape(entry: "moment1"))
    #expect(
      try error { $0.state.optimizer?.second[1].weights = Matrix(rows: 3, columns: 6) }
        == .shape(entry: "output.weight.moment2"))
    #expect(
      try error { $0.state.optimizer?.second[1].bias = [] } == .shape(entry: "output.bias.moment2"))
    #expect(
      try error { $0.state.targetScaling = AffineScaling(shift: [1], scale: [1]) }
        == .shape(entry: "target.shift"))
  }

  @Test(
    "Names that entries could not be told apart by are refused",
    arguments: ["", "input", "best", "a.b", "größe", "a b", "hidden/../1"])
  func names(name: String) throws {
    let layer = DenseLayer(
      name: name, weights: Matrix(rows: 1, columns: 1), bias: [0], activation: .identity)
    let contents = CheckpointContents(state: ModelState(network: Network(layers: [layer])))
    #expect(throws: CheckpointError.layerName(name)) { try encoded(contents) }
    var twice = contents
    twice.state.network = Network(
      layers: ["x", "x"].map {
        DenseLayer(
          name: $0, weights: Matrix(rows: 1, columns: 1), bias: [0], activation: .identity)
      })
    #expect(throws: CheckpointError.layerName("x")) { try encoded(twice) }
  }

  @Test("More tensors than a decoder would take are refused before they are written")
  func tooLarge() throws {
    let contents = fullContents()
    let bytes = 4 * (3 * (35 + 7 + 21 + 3) + 4 * 5 + 4 * 3 + 35 + 7 + 21 + 3)
    _ = try CheckpointEncoder(contents, memoryLimit: bytes)
    #expect(throws: CheckpointError.tooLarge(bytes: bytes, limit: bytes - 1)) {
      try CheckpointEncoder(contents, memoryLimit: bytes - 1)
    }
  }

  @Test("Lineage that no decoder would take is refused before it is written")
  func lineage() {
    var contents = smallContents()
    for _ in 0..<70 { contents.lineage = [contents.lineage] }
    #expect(throws: CheckpointError.metadata(.tooDeep(limit: 64))) { try encoded(contents) }
  }
}
