import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import Testing

@Suite("Networks in bytes") struct CalibrationTests {
  private func samples(_ count: Int, _ columns: Int, _ seed: UInt64) -> Matrix {
    var draws = Draws(seed: seed)
    return Matrix(rows: count, columns: columns, draws.floats(count * columns))
  }

  private func network(_ state: ModelState, _ samples: Matrix) throws -> QuantizedNetwork {
    try Calibration(
      state, samples: samples, indices: Array(0..<Int32(samples.rows))
    ).network()
  }

  @Test("differ from float by a few steps of a byte", arguments: Activation.allCases)
  func closeness(activation: Activation) throws {
    var draws = Draws(seed: 31)
    let state = ModelState(
      network: draws.network([20, 30, 10, 3], activation, densities: [0.3, 2]))
    let samples = samples(200, 20, 5)
    let quantized = try network(state, samples)
    let exact = Predictor(state.network, pool: WorkerPool(threadCount: 1)).outputs(for: samples)
    var error = 0.0
    var spread = 0.0
    for row in 0..<200 {
      for (value, wanted) in zip(quantized.values(samples.row(row)), exact.row(row)) {
        error += Double((value - wanted) * (value - wanted))
        spread += Double(wanted * wanted)
      }
    }
    // Three layers of bytes: some percent of the outputs' size.
    #expect((error / spread).squareRoot() < 0.05)
  }

  @Test("are the same whenever they are made")
  func deterministic() throws {
    var draws = Draws(seed: 3)
    let state = ModelState(network: draws.network([8, 6, 2], .tanh, densities: [0.5, 2]))
    let samples = samples(60, 8, 2)
    let files = try (0..<2).map { _ in
      var export = ModelExport(state)
      export.quantized = try network(state, samples)
      return try CFormat().files(of: export, at: "net.c")
    }
    #expect(files[0] == files[1])
  }

  @Test("are refused where a number of the way in, or out, is beyond float32")
  func beyondFloat() throws {
    var draws = Draws(seed: 12)
    let network = draws.network([4, 8, 1], .relu, densities: [2])
    let samples = samples(100, 4, 8)
    func error(_ change: (inout ModelState) -> Void) -> ModelFileError? {
      var state = ModelState(network: network)
      change(&state)
      return #expect(throws: ModelFileError.self) { try self.network(state, samples) }
    }
    let refusal = " is beyond Float32 with the scaling folded in; scale the data or train anew"
    // A constant near the end of float32, as of missing values, and units near its other end.
    let zeros = [Double](repeating: 0, count: 4)
    for scaling in [
      AffineScaling(shift: [1e38, 0, 0, 0], scale: [1, 1, 1, 1]),
      AffineScaling(shift: zeros, scale: [1e38, 1, 1, 1]),
    ] {
      let message = "\(error { $0.inputScaling = scaling } as Any)"
      #expect(message.contains("layer '\(network.layers[0].name)'" + refusal), "\(message)")
    }
    let message =
      "\(error { $0.targetScaling = AffineScaling(shift: [0], scale: [1e-300]) } as Any)"
    #expect(message.contains("layer '\(network.layers[1].name)'" + refusal), "\(message)")
  }

  @Test("take a scale a column where the columns' sizes differ, and one for all where they do not")
  func entries() throws {
    var draws = Draws(seed: 12)
    var state = ModelState(network: draws.network([4, 8, 1], .relu, densities: [2]))
    let samples = samples(100, 4, 8)
    let zeros = [Double](repeating: 0, count: 4)
    state.inputScaling = AffineScaling(shift: zeros, scale: [1, 1, 1, 1])
    #expect(try network(state, samples).entry.scales.count == 1)
    state.inputScaling = AffineScaling(shift: zeros, scale: [1, 1e-4, 1e3, 1])
    let entry = try network(state, samples).entry
    #expect(entry.scales.count == 4 && entry.shifts.count == 4)
    #expect(abs(Double(entry.scales[2] / entry.scales[1]) - 1e7) < 10)
  }

  @Test("make do without weights, with samples that are all the same, and with one sample")
  func degenerate() throws {
    var draws = Draws(seed: 14)
    let dead = ModelState(network: draws.network([3, 4, 2], .relu, densities: [0]))
    let biases = dead.network.layers[1].bias
    for (value, bias) in zip(try network(dead, samples(9, 3, 1)).values([1, 2, 3]), biases) {
      #expect(abs(value - bias) < 0.01)
    }
    let state = ModelState(network: draws.network([3, 4, 2], .sigmoid, densities: [2]))
    let zeros = Matrix(rows: 5, columns: 3)
    let exact = Predictor(state.network, pool: WorkerPool(threadCount: 1)).outputs(for: zeros)
    for (value, wanted) in zip(try network(state, zeros).values([0, 0, 0]), exact.row(0)) {
      #expect(abs(value - wanted) < 0.05)
    }
    _ = try network(state, samples(1, 3, 2))
  }

  @Test("cannot have layers of more inputs than sums hold, nor numbers that are not finite")
  func refused() throws {
    let wide = ModelState(
      network: Network(layers: [
        DenseLayer(
          name: "output", weights: Matrix(rows: 1, columns: 40_000, repeating: 1), bias: [0],
          activation: .identity)
      ]))
    #expect(throws: ModelFileError.self) {
      try network(wide, Matrix(rows: 1, columns: 40_000))
    }
    let steep = ModelState(
      network: Network(
        layers: ["hidden1", "output"].map {
          DenseLayer(
            name: $0, weights: Matrix(rows: 1, columns: 1, repeating: 1e30), bias: [0],
            activation: .identity)
        }))
    #expect(throws: ModelFileError.self) { try network(steep, samples(4, 1, 1)) }
  }
}
