import Engine
import Foundation
import ModelFiles
import NeuralNetworks
import Storage
import TestSupport
import Testing

@Suite("State dicts as a format")
struct StateDictFormatTests {
  private func encode(_ state: ModelState) throws -> [UInt8] {
    try StateDictFormat().bytes(of: ModelExport(state))
  }

  /// The tensors of a file, read back by our own reader.
  private func tensors(_ file: [UInt8]) throws -> [String: (shape: [Int], values: [Float])] {
    let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    var result: [String: (shape: [Int], values: [Float])] = [:]
    for tensor in header.tensors {
      #expect(tensor.type == .f32)
      let start = header.dataStart + tensor.range.lowerBound
      let values = stride(from: start, to: start + tensor.range.count, by: 4).map { i in
        Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(file[i + $1]) << UInt32(8 * $1) })
      }
      result[tensor.name] = (tensor.shape, values)
    }
    return result
  }

  /// What the network itself, or the exported tensors, make of `input`, in Double.
  private func forward(
    _ input: [Double], _ layers: [(weights: [Float], bias: [Float], outputs: Int)],
    _ activations: [Activation], slope: Double
  ) -> [Double] {
    var values = input
    for (layer, activation) in zip(layers, activations) {
      values = (0..<layer.outputs).map { row in
        let sum = values.indices.reduce(Double(layer.bias[row])) {
          $0 + Double(layer.weights[row * values.count + $1]) * values[$1]
        }
        return activation == .prelu && sum < 0 ? slope * sum : sum
      }
    }
    return values
  }

  @Test("Names, shapes and metadata are those of an nn.Sequential")
  func names() throws {
    var draws = Draws(seed: 4)
    let layers = [
      draws.layer("hidden1", inputs: 5, outputs: 4, .prelu),
      draws.layer("hidden2", inputs: 4, outputs: 3, .leakyRelu, density: 0.5),
      draws.layer("hidden3", inputs: 3, outputs: 3, .identity),
      draws.layer("output", inputs: 3, outputs: 2, .identity),
    ]
    let file = try encode(
      ModelState(network: Network(layers: layers), classes: ["a", "b"]))
    let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    #expect(
      header.tensors.map(\.name) == [
        "0.weight", "0.bias", "1.weight", "2.weight", "2.bias", "4.weight", "4.bias", "6.weight",
        "6.bias",
      ])
    #expect(header.metadata["format"] == "pt")
    let own = try JSONValue(parsing: header.metadata["ecpipe"]?.stringValue ?? "")
    #expect(own["activations"] == ["prelu", "leaky_relu", "identity", "identity"])
    #expect(own["slopes"]?[1] == 0.01)
    #expect(own["slopes"]?[2] == .null)
    #expect(own["classes"] == ["a", "b"])
    #expect(own["masks"] == [.null, "zeros", .null, .null])
    #expect(own["weights"]?[1] == JSONValue(layers[1].remaining))
    let read = try tensors(file)
    #expect(read["0.weight"]?.shape == [4, 5])
    #expect(read["0.weight"]?.values == layers[0].weights.elements)
    #expect(read["1.weight"]?.shape == [1])
    #expect(read["1.weight"]?.values == [layers[0].slope])
    #expect(read["2.weight"]?.values == layers[1].weights.elements)
    #expect(read["6.bias"]?.values == layers[3].bias)
  }

  @Test("Pruned weights are zeros, the sign of the scale notwithstanding")
  func zeros() throws {
    var draws = Draws(seed: 6)
    let layer = draws.layer("output", inputs: 30, outputs: 4, .identity, density: 0.3)
    let state = ModelState(
      network: Network(layers: [layer]),
      inputScaling: AffineScaling(
        shift: draws.floats(30).map(Double.init), scale: Array(repeating: -2, count: 30)),
      targetScaling: AffineScaling(
        shift: draws.floats(4).map(Double.init), scale: Array(repeating: -3, count: 4)))
    let values = try #require(try tensors(encode(state))["0.weight"]?.values)
    let mask = try #require(layer.mask)
    for index in values.indices {
      #expect((values[index].bitPattern != 0) == mask[index])
    }
  }

  @Test(
    "With the scalings folded in, raw inputs give raw targets", arguments: [[6, 1], [3, 5, 2]])
  func folding(widths: [Int]) throws {
    var draws = Draws(seed: UInt64(widths.count))
    let network = draws.network(widths, .prelu, densities: [0.7])
    let inputs = widths[0]
    let outputs = widths[widths.count - 1]
    let input = AffineScaling(
      shift: draws.floats(inputs).map { 100 * Double($0) },
      scale: draws.floats(inputs).map { Double($0) + 2 })
    let target = AffineScaling(
      shift: draws.floats(outputs).map { 10 * Double($0) },
      scale: draws.floats(outputs).map { Double($0) + 2 })
    let read = try tensors(
      encode(
        ModelState(network: network, inputScaling: input, targetScaling: target)))
    let raw = draws.floats(inputs).map { 100 * Double($0) }
    let scaled = raw.indices.map {
      (raw[$0] - input.shift[$0]) * input.scale[$0]
    }
    let activations = network.layers.map(\.activation)
    let slope = Double(network.layers[0].slope)
    let own = forward(
      scaled, network.layers.map { ($0.weights.elements, $0.bias, $0.outputs) }, activations,
      slope: slope)
    let exported = forward(
      raw,
      network.layers.indices.map {
        (
          read["\(2 * $0).weight"]!.values, read["\(2 * $0).bias"]!.values,
          network.layers[$0].outputs
        )
      }, activations, slope: slope)
    for (index, value) in own.enumerated() {
      let expected = value / Double(target.scale[index]) + Double(target.shift[index])
      // Each weight is rounded once more; inputs are hundreds.
      #expect(abs(exported[index] - expected) < 1e-3 * max(1, abs(expected)))
    }
  }

  @Test("a checkpoint is no state dict, an export is one")
  func kinds() throws {
    let checkpoint = try encoded(fullContents())
    let header = try SafetensorsHeader(fileStart: checkpoint, fileSize: checkpoint.count)
    #expect(!StateDict.isStateDict(header))
    let url = try GoldenFile.url("statedicts/gelu-f64.safetensors")
    let file = [UInt8](try Data(contentsOf: url))
    #expect(StateDict.isStateDict(try SafetensorsHeader(fileStart: file, fileSize: file.count)))
  }
}
