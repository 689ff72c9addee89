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

  @Test("what Float32 cannot hold is an error that names the layer")
  func tooLarge() {
    var draws = Draws(seed: 8)
    let huge = ModelState(
      network: Network(layers: [draws.layer("output", inputs: 2, outputs: 1, .identity)]),
      inputScaling: AffineScaling(shift: [0, 0], scale: [1, .greatestFiniteMagnitude]),
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
