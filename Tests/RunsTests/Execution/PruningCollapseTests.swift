import Engine
import NeuralNetworks
import NumericCore
import Runs
import Testing

@Suite("Collapse by pruning")
struct PruningCollapseTests {
  private func accuracy(_ before: Double, _ after: Double, outputs: Int) -> PruningCollapse? {
    PruningCollapse(
      from: Metrics(loss: 1, accuracy: before), to: Metrics(loss: 1, accuracy: after),
      outputs: outputs, againstTargets: true)
  }

  @Test("ten points of accuracy are many, and so is most of what is above chance")
  func classes() {
    #expect(accuracy(0.96, 0.26, outputs: 10) == .accuracy(from: 0.96, to: 0.26))
    #expect(accuracy(0.96, 0.87, outputs: 10) == nil)
    #expect(accuracy(0.6, 0.54, outputs: 2) != nil)
    #expect(accuracy(0.6, 0.54, outputs: 1) != nil)
    #expect(accuracy(0.6, 0.56, outputs: 2) == nil)
    #expect(accuracy(0.51, 0.5, outputs: 2) == nil)
    #expect(accuracy(0.9, 0.95, outputs: 2) == nil)
  }

  @Test("of values r² counts, or the error where the target does not vary")
  func values() {
    func collapse(
      _ before: (rmse: Double, r2: Double?), _ after: (rmse: Double, r2: Double?), targets: Bool
    ) -> PruningCollapse? {
      func metrics(_ own: (rmse: Double, r2: Double?)) -> Metrics {
        Metrics(loss: 1, targets: [Metrics.Target(rmse: own.rmse, mae: 1, r2: own.r2)])
      }
      return PruningCollapse(
        from: metrics(before), to: metrics(after), outputs: 1, againstTargets: targets)
    }
    #expect(collapse((1, 0.9), (2, 0.75), targets: true) == .r2(from: 0.9, to: 0.75))
    #expect(collapse((1, 0.9), (1.1, 0.85), targets: true) == nil)
    #expect(collapse((1, nil), (2.5, nil), targets: true) == .rmse(from: 1, to: 2.5))
    #expect(collapse((0, nil), (2.5, nil), targets: false) == nil)
  }

  @Test("without data, outputs are told that no input reaches")
  func constant() {
    func network(_ first: [Int], _ second: [Int]) -> Network {
      func layer(_ name: String, _ rows: Int, _ columns: Int, _ kept: [Int]) -> DenseLayer {
        var mask = Mask(rows: rows, columns: columns)
        for place in 0..<(rows * columns) where !kept.contains(place) { mask.remove(place) }
        return DenseLayer(
          name: name,
          weights: Matrix(rows: rows, columns: columns, repeating: 1),
          bias: Array(repeating: 0, count: rows), activation: .relu, mask: mask)
      }
      return Network(layers: [layer("hidden1", 2, 2, first), layer("output", 3, 2, second)])
    }
    // Of the hidden units the second has no input.
    #expect(
      PruningCollapse.constantOutputs(of: network([0], [0, 3]))
        == "2 of 3 outputs are constant now, "
        + "since no input reaches them")
    #expect(
      PruningCollapse.constantOutputs(of: network([0, 3], [0, 3])) == "1 of 3 outputs is constant "
        + "now, since no input reaches it")
    #expect(PruningCollapse.constantOutputs(of: network([0], [0, 2, 4])) == nil)
  }
}
