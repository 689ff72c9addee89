import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import Testing

@Suite("Networks with their scalings folded in")
struct FoldedNetworkTests {
  @Test("an activation behind the last layer is an obstacle to the scale of targets only")
  func outputActivation() throws {
    var draws = Draws(seed: 8)
    let relu = Network(layers: [draws.layer("output", inputs: 2, outputs: 1, .relu)])
    let scaled = ModelState(network: relu, targetScaling: AffineScaling(shift: [1], scale: [2]))
    let error = #expect(throws: FoldingError.outputActivation(layer: "output", .relu)) {
      try FoldedNetwork(scaled)
    }
    #expect(FoldedNetwork.obstacle(to: scaled) == error?.description)
    #expect(FoldedNetwork.obstacle(to: ModelState(network: relu)) == nil)
    #expect(
      error?.description
        == "layer 'output' ends in relu, so the target scaling cannot be folded into it; "
        + "train with scale_targets: none")
  }

  @Test("columns that float32 holds too coarsely in raw units are named")
  func losses() {
    var draws = Draws(seed: 8)
    let network = Network(layers: [draws.layer("output", inputs: 2, outputs: 1, .identity)])
    let state = ModelState(
      network: network,
      inputScaling: AffineScaling(shift: [1_700_000_049.5, 1000], scale: [1 / 28.9, 1]),
      targetScaling: AffineScaling(shift: [1e9], scale: [0.1]),
      interface: ModelInterface(
        inputs: [.init(name: "t", position: 0), .init(name: "a", position: 1)],
        targets: [.init(name: nil, position: 2)]))
    let advice =
      ", and the file has no others; subtract a constant from the data and train on these to export "
      + "the network"
    #expect(
      FoldedNetwork.losses(of: state) == [
        "input t: float32 in raw units is too coarse for values about 1.7e+09 that differ by about 28.9"
          + advice,
        "target 0: float32 in raw units is too coarse for values about 1e+09 that differ by about 10.0"
          + advice,
      ])
    #expect(FoldedNetwork.losses(of: ModelState(network: network)).isEmpty)
    // Beyond what float32 has an exponent for, weights become 0 or infinite.
    for (shift, scale, text) in [
      (1e200, 1e-199, "values about 1e+200 that differ by about 1e+199"),
      (0.0, 1e200, "values about 0.0 that differ by about 1e-200"),
    ] {
      let far = ModelState(
        network: network, inputScaling: AffineScaling(shift: [shift, 0], scale: [scale, 1]))
      let losses = FoldedNetwork.losses(of: far)
      #expect(losses.count == 1 && losses[0].contains(text), "\(losses)")
    }
  }

  @Test("large numbers that differ by as much are held well; the least that float32 has are not")
  func extremes() {
    var draws = Draws(seed: 8)
    let network = Network(layers: [draws.layer("output", inputs: 1, outputs: 1, .identity)])
    func losses(_ spread: Double, input: Bool) -> [String] {
      let scaling = AffineScaling(shift: [spread / 25], scale: [1 / spread])
      return FoldedNetwork.losses(
        of: ModelState(
          network: network, inputScaling: input ? scaling : nil,
          targetScaling: input ? nil : scaling))
    }
    for spread in [1e-30, 1e30, 1e34] {
      #expect(losses(spread, input: true) == [] && losses(spread, input: false) == [])
    }
    // Weights of targets are multiplied by it.
    #expect(losses(1e37, input: false) == [])
    for small in [
      losses(1e37, input: true), losses(1e-36, input: true), losses(1e-36, input: false),
    ] {
      #expect(small.count == 1 && small[0].contains("; use another unit"), "\(small)")
    }
    #expect(losses(1e41, input: false).first?.contains("no numbers as large as") == true)
  }

  @Test("several columns are told of in one line, with their number and the first names")
  func severalLosses() {
    var draws = Draws(seed: 8)
    let names = ["a", "b", "c", "d", "e", "f"]
    let state = ModelState(
      network: Network(layers: [draws.layer("output", inputs: 6, outputs: 1, .identity)]),
      inputScaling: AffineScaling(
        shift: [1, 1000, 2000, 1000, 1000, 1000], scale: [1] + Array(repeating: 1024, count: 5)),
      interface: ModelInterface(
        inputs: names.enumerated().map { .init(name: $1, position: $0) },
        targets: [.init(name: nil, position: 6)]))
    #expect(
      FoldedNetwork.losses(of: state) == [
        "5 inputs (b, c, d, e and 1 more): float32 in raw units is too coarse for values about 1000.0 that "
          + "differ by about 0.0009765625 (those of b), and the file has no others; subtract a constant from "
          + "the data and train on these to export the network"
      ])
  }

  @Test("the scalings are folded in float64 and rounded once")
  func double() throws {
    // 0.1f · (1e8 + 1) rounds elsewhere when shift and scale are float32 before.
    let network = Network(layers: [
      DenseLayer(
        name: "output", weights: Matrix(rows: 1, columns: 1, [0.1]), bias: [0.25],
        activation: .identity)
    ])
    let input = AffineScaling(shift: [100_000_001], scale: [3e-8])
    let folded = try FoldedNetwork(ModelState(network: network, inputScaling: input)).layers[0]
    let weight = Double(Float(0.1)) * 3e-8
    #expect(folded.weights == [Float(weight)])
    #expect(folded.bias == [Float(0.25 - weight * 100_000_001)])
  }

  @Test("what Float32 cannot hold is an error that names the layer")
  func tooLarge() {
    var draws = Draws(seed: 8)
    let huge = ModelState(
      network: Network(layers: [draws.layer("output", inputs: 2, outputs: 1, .identity)]),
      inputScaling: AffineScaling(shift: [0, 0], scale: [1, 1e300]),
      targetScaling: AffineScaling(shift: [0], scale: [1e-10]))
    let error = #expect(throws: FoldingError.nonFinite(layer: "output")) {
      try FoldedNetwork(huge)
    }
    #expect(
      error?.description
        == "layer 'output' is beyond Float32 with the scaling folded in; scale the data or train anew"
    )
  }
}
