import Engine
import NeuralNetworks
import NumericCore
import TestSupport
import Testing

@Suite("Shrinking")
struct ShrinkingTests {
  /// The network [4, 6, 5, 3] in which unit 0 of hidden1 has no inputs, 1 no outputs, and 2 is the same as 3;
  /// nothing reads input 1.
  private func example(_ activation: Activation = .tanh) -> Network {
    var network = NetworkFixture.network([4, 6, 5, 3], activation: activation)
    network.edit(0) { weights, mask in
      for input in 0..<4 {
        mask.remove(input)
        weights[3, input] = weights[2, input]
      }
      for row in 0..<6 { mask.remove(row * 4 + 1) }
    }
    network.layers[0].bias[3] = network.layers[0].bias[2]
    network.edit(1) { _, mask in for row in 0..<5 { mask.remove(row * 6 + 1) } }
    return network
  }

  @Test("constants, units that nothing reads, and all but one of identical units go")
  func kinds() {
    let network = example()
    let (state, report) = Shrinking().shrink(ModelState(network: network))
    let small = state.network
    #expect(small.layers.map(\.outputs) == [3, 5, 3])
    let layer = report.layers[0]
    #expect(layer.constant == 1 && layer.unused == 1 && layer.merged == 1)
    #expect(layer.before == 6 && layer.after == 3 && layer.totalBefore == 24 && layer.total == 12)
    #expect(report.weightsBefore == 15 + 25 + 15 && report.weights == 9 + 15 + 15)
    #expect(report.layers[1].before == report.layers[1].after && !report.isEmpty)
    #expect(report.unreadInputs == 1 && report.unread.map(\.place) == [1])
    // Unit 2 stays with what it and 3 have given.
    let upper = network.layers[1]
    for row in 0..<5 {
      #expect(small.layers[1].weights[row, 0] == upper.weights[row, 2] + upper.weights[row, 3])
      let constant = ReferenceActivation.tanh.value(Double(network.layers[0].bias[0]), slope: 0)
      let expected = Double(upper.bias[row]) + Double(upper.weights[row, 0]) * constant
      #expect(abs(Double(small.layers[1].bias[row]) - expected) < 1e-6)
    }
    #expect(small.layers[1].mask == nil)
    let apart = Shrinking(mergesIdentical: false).shrink(ModelState(network: network))
    #expect(apart.state.network.layers.map(\.outputs) == [4, 5, 3])
    #expect(apart.report.layers[0].merged == 0)
  }

  @Test(
    "a random network gives the same outputs, and shrinking it again changes nothing",
    arguments: Activation.allCases, [0, 0.3, 0.8, 0.95, 1.0])
  func outputs(activation: Activation, removing: Double) throws {
    let shapes = [[3, 1], [5, 4, 2], [1, 7, 1, 3], [9, 16, 12, 17, 4]]
    for seed in UInt64(1)...6 {
      for shape in shapes {
        let network = RandomMasks.network(shape, activation, removing: removing, seed: seed)
        let shrinking = Shrinking(removesZeros: seed % 2 == 0)
        let (state, report) = shrinking.shrink(ModelState(network: network))
        try RandomMasks.expectSame(network, state.network)
        #expect(state.network.layers.allSatisfy { $0.outputs > 0 })
        #expect(zip(network.layers, state.network.layers).allSatisfy { $0.outputs >= $1.outputs })
        #expect(report.weights == state.network.remaining)
        let removed = report.layers.reduce(0) { $0 + $1.constant + $1.merged + $1.unused }
        #expect(removed == report.removedUnits)
        let again = shrinking.shrink(state)
        #expect(again.state == state)
        #expect(again.report.isEmpty)
      }
    }
  }

  @Test("where nothing reaches the outputs the network is a constant of one unit a layer")
  func nothing() throws {
    for layer in 0..<3 {
      var network = NetworkFixture.network([4, 6, 5, 3], activation: .sigmoid)
      network.edit(layer) { _, mask in for index in 0..<mask.count { mask.remove(index) } }
      let state = Shrinking().shrink(ModelState(network: network)).state
      #expect(state.network.layers.map(\.outputs) == [1, 1, 3])
      #expect(state.network.remaining == 0)
      try RandomMasks.expectSame(network, state.network)
    }
  }

  @Test("a bias that would be beyond Float32 keeps its constants, and such a sum its units")
  func overflow() throws {
    var network = example(.identity)
    network.layers[0].bias[0] = 3e38
    network.edit(1) { weights, _ in
      for row in 0..<5 {
        weights[row, 0] = 3e38
        weights[row, 2] = 3e38
        weights[row, 3] = 3e38
      }
    }
    let (state, report) = Shrinking().shrink(ModelState(network: network))
    #expect(state.network.isFinite)
    #expect(report.layers[0].constant == 0 && report.layers[0].merged == 0)
    #expect(report.layers[0].unused == 1)
  }

  @Test("a live weight of 0 counts as removed only where that is wanted")
  func zeros() {
    var network = NetworkFixture.network([3, 4, 2], activation: .relu)
    network.edit(1) { weights, _ in for row in 0..<2 { weights[row, 3] = 0 } }
    let state = ModelState(network: network)
    #expect(Shrinking().shrink(state).state == state)
    let small = Shrinking(removesZeros: true).shrink(state).state.network
    #expect(small.layers.map(\.outputs) == [3, 2] && small.layers.allSatisfy { $0.mask == nil })
  }

  @Test("moments go along, and those of merged units belong to the sum of their gradients")
  func moments() throws {
    let network = example()
    var generator = SeededGenerator(seed: 3)
    func moments(_ isSecond: Bool) -> [LayerMoments] {
      network.layers.map { layer in
        let all = generator.floats(layer.weights.count).map { isSecond ? abs($0) : $0 }
        var moments = LayerMoments(
          weights: Matrix(rows: layer.outputs, columns: layer.inputs, all),
          bias: generator.floats(layer.outputs).map { isSecond ? abs($0) : $0 }, slope: 0.5)
        if let mask = layer.mask { moments.apply(mask) }
        return moments
      }
    }
    let before = OptimizerState(steps: 7, first: moments(false), second: moments(true))
    let state = Shrinking().shrink(ModelState(network: network, optimizer: before)).state
    let after = try #require(state.optimizer)
    #expect(after.steps == 7)
    #expect(after.fits(.adam(.init(learningRate: 1)), state.network))
    let (first, second) = (before.first[0], before.second[0])
    #expect(after.first[0].bias == [first.bias[2] + first.bias[3], first.bias[4], first.bias[5]])
    let root = second.bias[2].squareRoot() + second.bias[3].squareRoot()
    #expect(abs(after.second[0].bias[0] - root * root) < 1e-6)
    #expect(after.first[0].weights[1, 0] == first.weights[4, 0])
    #expect(after.first[1].weights[2, 0] == before.first[1].weights[2, 2])
    #expect(after.first[1].weights[2, 1] == before.first[1].weights[2, 4])
    #expect(after.first[0].slope == 0.5)
  }

  @Test("unread inputs are left out with their names and scaling, a column only as a whole")
  func inputs() throws {
    var network = NetworkFixture.network([6, 4, 2], activation: .relu)
    network.edit(0) { _, mask in
      for row in 0..<4 { for input in [0, 2, 4, 5] { mask.remove(row * 6 + input) } }
    }
    // Inputs 1 to 3 are one column, of which 2 is not read; 4 and 5 are another.
    let levels = ["x", "y", "z"]
    let interface = ModelInterface(
      inputs: [
        .init(name: "a", position: 1),
        .init(name: "b", position: 2, kind: .category(levels: levels, unknownIsZero: false)),
        .init(name: "c", position: 4, kind: .category(levels: ["u", "v"], unknownIsZero: true)),
      ], targets: [.init(name: "t", position: 3)],
      table: .init(
        delimiter: ",", decimalSign: ".", header: true, ignored: [.init(name: "id", position: 0)]))
    let state = ModelState(
      network: network,
      inputScaling: AffineScaling(shift: [0, 1, 2, 3, 4, 5], scale: [1, 2, 3, 4, 5, 6]),
      interface: interface)
    let kept = Shrinking().shrink(state)
    #expect(kept.state == state && kept.report.isEmpty && kept.report.unreadInputs == 4)
    #expect(kept.report.unread.map(\.name) == ["a", "c"])
    let (small, report) = Shrinking(dropsInputs: true).shrink(state)
    #expect(report.dropped.map(\.inputs) == [0..<1, 4..<6] && !report.isEmpty)
    #expect(small.network.inputs == 3)
    #expect(small.inputScaling == AffineScaling(shift: [1, 2, 3], scale: [2, 3, 4]))
    #expect(small.interface?.inputs.map(\.name) == ["b"])
    #expect(small.interface?.table?.ignored.map(\.name) == ["id", "a", "c"])
    #expect(small.network.layers[0].weights[2, 0] == network.layers[0].weights[2, 1])
    #expect(Shrinking(dropsInputs: true).shrink(small).report.dropped.isEmpty)
  }

  @Test("a network that reads no input keeps the first column")
  func noInput() {
    var network = NetworkFixture.network([3, 2], activation: .identity)
    network.edit(0) { _, mask in for index in 0..<6 { mask.remove(index) } }
    let (state, report) = Shrinking(dropsInputs: true).shrink(ModelState(network: network))
    #expect(state.network.inputs == 1 && state.network.outputs == 2)
    #expect(report.unread.map(\.isKept) == [true, false, false])
    #expect(report.dropped.map(\.place) == [1, 2])
  }
}

extension Network {
  /// Changes weights and mask of a layer.
  fileprivate mutating func edit(_ index: Int, _ body: (inout Matrix, inout Mask) -> Void) {
    var layer = layers[index]
    var mask = layer.mask ?? Mask(rows: layer.outputs, columns: layer.inputs)
    body(&layer.weights, &mask)
    layer.apply(mask)
    layers[index] = layer
  }
}
