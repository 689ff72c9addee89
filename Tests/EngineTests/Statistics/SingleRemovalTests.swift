import Engine
import NumericCore
import TestSupport
import Testing

@Suite("Removing single weights")
struct SingleRemovalTests {
  @Test("costs nothing for weights that are 0, and w² Var(a) in a linear map")
  func linear() {
    var random = SeededGenerator(seed: 2)
    let data = Matrix(rows: 600, columns: 3, random.floats(1800))
    let map = DenseLayer(
      name: "layer",
      weights: Matrix(rows: 2, columns: 3, [1, 0, -2, 0.5, 3, 0]), bias: [1, -1],
      activation: .identity, slope: 0)
    let means = (0..<3).map { input in
      (0..<600).reduce(0.0) { $0 + Double(data[$1, input]) / 600 }
    }
    let costs = SingleRemoval.costs(
      [map], means: [means], data: data, rows: Array(0..<600),
      pool: WorkerPool(threadCount: 2))[0]
    for input in 0..<3 {
      let variance = (0..<600).reduce(0.0) {
        let deviation = Double(data[$1, input]) - means[input]
        return $0 + deviation * deviation / 600
      }
      for unit in 0..<2 {
        let weight = Double(map.weights[unit, input])
        #expect(abs(Double(costs[unit, input]) - weight * weight * variance) < 1e-5)
      }
    }
    #expect(costs[0, 1] == 0 && costs[1, 2] == 0)
  }

  @Test("takes the way from the unit to the outputs, for every weight and sample")
  func multiplyAdds() {
    #expect(SingleRemoval.multiplyAdds(widths: [3, 2], samples: 10) == 60)
    #expect(SingleRemoval.multiplyAdds(widths: [3, 4, 2], samples: 10) == 200)
    // 784 · 300 · (1 + 100 + 1000) + 300 · 100 + 1000
    let digits = SingleRemoval.multiplyAdds(widths: [784, 300, 100, 10], samples: 1)
    #expect(digits == 258_986_200)
  }
}
