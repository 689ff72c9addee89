import Engine
import NumericCore
import Testing

@Suite("DenseLayer")
struct DenseLayerTests {
  @Test("Weights are [outputs, inputs]")
  func shape() {
    let layer = DenseLayer(
      name: "output", weights: Matrix(rows: 2, columns: 5), bias: [0, 0], activation: .identity)
    #expect(layer.outputs == 2 && layer.inputs == 5 && layer.remaining == 10)
  }

  @Test("prelu starts at 0.25 and leaky_relu has 0.01 unless a slope is given")
  func slopes() {
    func slope(_ activation: Activation, _ given: Float? = nil) -> Float {
      DenseLayer(
        name: "output", weights: Matrix(rows: 1, columns: 1), bias: [0], activation: activation,
        slope: given
      ).slope
    }
    #expect(slope(.prelu) == 0.25 && slope(.leakyRelu) == 0.01)
    #expect(slope(.prelu, 0.5) == 0.5 && slope(.leakyRelu, 0.1) == 0.1)
  }

  @Test("A mask zeroes what it removes, NaN too, and nothing else; live zeros stay counted")
  func mask() {
    let weights = Matrix(rows: 2, columns: 3, [.nan, 1, 0, 3, .infinity, 5])
    var mask = Mask(rows: 2, columns: 3)
    mask.remove(0)
    mask.remove(4)
    let layer = DenseLayer(
      name: "output", weights: weights, bias: [1, 2], activation: .identity, mask: mask)
    #expect(layer.weights.elements == [0, 1, 0, 3, 0, 5])
    #expect(layer.remaining == 4 && layer.mask == mask && layer.bias == [1, 2])
  }
}
