import Engine
import NeuralNetworks
import Testing

@Suite("Network")
struct NetworkTests {
  @Test("Layers are named hidden1, hidden2, …, output")
  func names() {
    #expect((0..<3).map { Network.layerName($0, of: 3) } == ["hidden1", "hidden2", "output"])
    #expect(Network.layerName(0, of: 1) == "output")
  }

  @Test("Widths and counts are those of the layers; biases and slopes do not count")
  func counts() {
    var network = NetworkFixture.network([7, 5, 3], activation: .prelu)
    #expect(network.inputs == 7 && network.outputs == 3)
    #expect(network.weightCount == 50 && network.remaining == 50)
    var mask = Mask(rows: 5, columns: 7)
    for index in 0..<10 { mask.remove(index) }
    network.layers[0].apply(mask)
    #expect(network.weightCount == 50 && network.remaining == 40)
  }

  @Test("A weight, a bias or a slope that is not finite is found")
  func finiteness() {
    let finite = NetworkFixture.network([2, 3, 1], activation: .prelu)
    #expect(finite.isFinite)
    var network = finite
    network.layers[1].weights[0, 2] = .nan
    #expect(!network.isFinite)
    network = finite
    network.layers[0].bias[1] = .infinity
    #expect(!network.isFinite)
    network = finite
    network.layers[0].slope = -.infinity
    #expect(!network.isFinite)
  }
}
