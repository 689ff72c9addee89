import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import TestSupport
import Testing

@Suite("C programs", .enabled(if: CompiledNetwork.isPossible, "there is no clang"))
struct CProgramTests {
  private struct Case: CustomTestStringConvertible {
    let widths: [Int]
    let densities: [Double]
    var testDescription: String { "\(widths)" }
  }

  /// One layer, one unit, none of the weights, all forms of rows.
  private static let cases = [
    Case(widths: [3, 2], densities: [2]), Case(widths: [40, 1, 3], densities: [0.1, 2]),
    Case(widths: [9, 6, 5, 2], densities: [0, 0.5]),
    Case(widths: [700, 12, 30, 4], densities: [0.01, 0.3, 2]),
  ]

  private func state(
    _ widths: [Int], _ densities: [Double], _ activation: Activation, scaled: Bool
  ) -> ModelState {
    var draws = Draws(seed: UInt64(widths.count) + UInt64(widths[0]))
    var state = ModelState(network: draws.network(widths, activation, densities: densities))
    if scaled {
      state.inputScaling = draws.scaling(widths[0])
      state.targetScaling = draws.scaling(widths[widths.count - 1])
    }
    return state
  }

  /// σ of a folded network in Double.
  private func reference(_ network: FoldedNetwork, _ row: [Float]) throws -> [Double] {
    try network.layers.reduce(row.map(Double.init)) { x, layer in
      let original = layer.original
      let activation = try #require(
        ReferenceActivation(rawValue: original.activation.rawValue))
      return (0..<original.outputs).map { unit in
        let sum = x.indices.reduce(Double(layer.bias[unit])) {
          $0 + Double(layer.weights[unit * x.count + $1]) * x[$1]
        }
        return activation.value(sum, slope: Double(original.slope))
      }
    }
  }

  @Test(
    "in float compute the folded network, and what the export says to the bit",
    arguments: Activation.allCases)
  func float(activation: Activation) throws {
    for (index, shape) in Self.cases.enumerated() {
      let state = state(shape.widths, shape.densities, activation, scaled: index % 2 == 1)
      var options = ExportOptions()
      options.separateWeights = index == 2
      let program = try CompiledNetwork(
        CFormat().files(of: ModelExport(state, options: options), at: "net.c"),
        outputs: state.network.outputs, element: "float")
      var draws = Draws(seed: 4)
      let rows = (0..<8).map { _ in draws.floats(state.network.inputs) }
      let folded = try FoldedNetwork(state)
      for (row, found) in try zip(rows, program(rows)) {
        let expected = try reference(folded, row)
        let size = expected.reduce(1e-3) { max($0, abs($1)) }
        for (value, wanted) in zip(found, expected) {
          // Sums of up to 700 products in float32, and functions to about 1e-6.
          #expect(abs(Double(value) - wanted) < 1e-5 * size, "\(shape.widths)")
        }
      }
    }
  }

  @Test("in bytes compute what is computed here, to the bit", arguments: Activation.allCases)
  func bytes(activation: Activation) throws {
    for (index, shape) in Self.cases.enumerated() {
      let state = state(shape.widths, shape.densities, activation, scaled: index % 2 == 1)
      var draws = Draws(seed: 6)
      let samples = Matrix(
        rows: 30, columns: state.network.inputs, draws.floats(30 * state.network.inputs))
      var export = ModelExport(state)
      export.options.int8 = true
      let network = try Calibration(state, samples: samples, indices: Array(0..<30)).network()
      export.quantized = network
      let program = try CompiledNetwork(
        CFormat().files(of: export, at: "net.c"), outputs: state.network.outputs,
        element: "int8_t")
      // Within the samples, far outside, and no numbers at all.
      let rows =
        (0..<20).map { _ in draws.floats(state.network.inputs) }
        + [0, 1e30, -1e30, .infinity, .nan].map {
          Array(repeating: $0, count: state.network.inputs)
        }
      let found = try program(rows)
      #expect(
        found.map { $0.map(\.bitPattern) } == rows.map { network.values($0).map(\.bitPattern) })
    }
  }
}
