import Engine
import NeuralNetworks
import NumericCore
import Pruning
import TestSupport
import Testing

@Suite("Release")
struct ReleaseTests {
  /// Layers with about 40 % of their weights, and one with all.
  private static let network: Network = {
    var generator = SeededGenerator(seed: 4)
    let widths = [50, 40, 30, 10]
    return Network(
      layers: (0..<3).map { index in
        let (inputs, outputs) = (widths[index], widths[index + 1])
        var mask = Mask(rows: outputs, columns: inputs)
        for place in 0..<mask.count where generator.next() % 10 < 6 { mask.remove(place) }
        return DenseLayer(
          name: Network.layerName(index, of: 3),
          weights: Matrix(
            rows: outputs, columns: inputs, generator.floats(outputs * inputs, bound: 2)),
          bias: generator.floats(outputs), activation: .relu, mask: index == 2 ? nil : mask)
      })
  }()

  private func released(_ share: Double, noise: Double = 0.1, seed: UInt64 = 1) -> Network {
    Release(share: share, noise: noise).release(ModelState(network: Self.network), seed: seed)
      .network
  }

  @Test(
    "the share of each layer's removed weights comes back, exactly", arguments: [0.001, 0.3, 1])
  func share(share: Double) {
    for (before, after) in zip(Self.network.layers, released(share).layers) {
      let removed = before.weights.count - before.remaining
      #expect(after.remaining == before.remaining + Int(share * Double(removed) + 0.5))
      #expect((after.mask == nil) == (after.remaining == after.weights.count))
      if let old = before.mask, let new = after.mask { #expect(old.isSubset(of: new)) }
      for place in 0..<before.weights.count where before.mask?[place] ?? true {
        #expect(after.weights.elements[place] == before.weights.elements[place])
      }
    }
  }

  @Test("as normal noise of the size that is asked for")
  func noise() {
    for (before, after) in zip(Self.network.layers, released(1, noise: 0.05).layers.dropLast()) {
      guard let mask = before.mask else { continue }
      let new = (0..<mask.count).filter { !mask[$0] }.map { Double(after.weights.elements[$0]) }
      let kept = mask.keptIndices.map { Double(before.weights.elements[$0]) }
      func size(_ values: [Double]) -> Double {
        (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
      }
      // About 1,000 draws: three standard errors of a standard deviation are 7 %.
      #expect(abs(size(new) / size(kept) / 0.05 - 1) < 0.1)
      #expect(abs(new.reduce(0, +) / Double(new.count)) < 0.15 * size(new))
      let within = new.count { abs($0) < size(new) }
      #expect(abs(Double(within) / Double(new.count) - 0.683) < 0.06)
    }
  }

  @Test("a function of seed and layer: another seed gives others, the same the same")
  func draws() {
    #expect(released(0.5) == released(0.5))
    let (one, other) = (released(0.5), released(0.5, seed: 2))
    #expect(one.layers[0].mask != other.layers[0].mask)
    #expect(one.layers[2] == other.layers[2])
  }

  @Test("moments of what comes back are 0, and a layer without weights gets some")
  func moments() {
    var state = ModelState(network: Self.network)
    var mask = Mask(rows: 30, columns: 40)
    for place in 0..<mask.count { mask.remove(place) }
    state.network.layers[1].apply(mask)
    state.optimizer = OptimizerState(fresh: .adam(.init()), for: state.network)
    let after = Release(share: 1, noise: 1).release(state, seed: 3)
    #expect(after.optimizer == state.optimizer)
    #expect(after.network.layers[1].remaining == 1200)
    #expect(after.network.layers[1].weights.elements.allSatisfy { $0 != 0 && abs($0) < 1 })
  }
}
