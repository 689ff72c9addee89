import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import PrunedNetwork
import RunFixtures
import TestSupport
import Testing

@Suite("Predictor, for other programs")
struct PredictorTests {
  private let scaling = AffineScaling(
    shift: [0.5, -1, 0, 2, 1], scale: [2, 0.5, 1, -1, 0.25])

  /// A network in a file, as another program has it.
  private func loaded(_ state: ModelState) throws -> PrunedNetwork {
    let folder = try TemporaryFolder()
    try folder.write(NetworkFiles.checkpoint(state), to: "m.safetensors")
    return try PrunedNetwork(contentsOf: folder.file("m.safetensors"))
  }

  /// The outputs for one raw sample by their definition, in Double.
  private func expected(_ sample: ArraySlice<Float>, _ state: ModelState) throws -> [Double] {
    var values = sample.map(Double.init)
    if let scaling = state.inputScaling {
      values = values.indices.map { (values[$0] - scaling.shift[$0]) * scaling.scale[$0] }
    }
    for layer in state.network.layers {
      let function = try #require(ReferenceActivation(rawValue: layer.activation.rawValue))
      values = (0..<layer.outputs).map { row in
        let sum = layer.weights.row(row).enumerated().reduce(Double(layer.bias[row])) {
          $0 + Double($1.element) * values[$1.offset]
        }
        return function.value(sum, slope: Double(layer.slope))
      }
    }
    if let scaling = state.targetScaling {
      values = values.indices.map { values[$0] / scaling.scale[$0] + scaling.shift[$0] }
    }
    return values
  }

  @Test(
    "takes raw samples and gives raw outputs, for batches of every size",
    arguments: [Activation.relu, .gelu, .prelu], [false, true])
  func batches(_ activation: Activation, masked: Bool) throws {
    var state = ModelState(network: NetworkFiles.network(activation, masked: masked))
    state.inputScaling = scaling
    state.targetScaling = AffineScaling(shift: [10, 0, -3], scale: [0.1, 4, 1])
    let predictor = Predictor(try loaded(state), threads: 2)
    var random = SeededGenerator(seed: 4)
    for count in [0, 1, 2, 3, 17, 256, 300] {
      let samples = random.floats(5 * count)
      let outputs = predictor.predict(samples)
      try #require(outputs.count == 3 * count)
      for sample in 0..<count {
        let right = try expected(samples[(5 * sample)..<(5 * sample + 5)], state)
        for output in 0..<3 {
          let value = Double(outputs[3 * sample + output])
          #expect(abs(value - right[output]) <= 1e-5 * max(1, abs(right[output])))
        }
      }
    }
  }

  @Test("gives the same bits for any number of threads, into memory of the caller's too")
  func threads() throws {
    let network = try loaded(ModelState(network: NetworkFiles.network(masked: true)))
    var random = SeededGenerator(seed: 5)
    let samples = random.floats(5 * 500)
    let one = Predictor(network).predict(samples)
    let predictor = Predictor(network, threads: 3)
    var result = [Float](repeating: .nan, count: one.count)
    for _ in 0..<2 {
      var span = result.mutableSpan
      predictor.predict(samples.span, into: &span)
      #expect(result == one)
    }
  }

  @Test("classifies by the largest logit, and by the sign of a single one")
  func classes() throws {
    let several = try loaded(
      ModelState(network: NetworkFiles.network(), classes: ["a", "b", "c"]))
    var random = SeededGenerator(seed: 6)
    let samples = random.floats(5 * 40)
    let predictor = Predictor(several)
    let logits = predictor.predict(samples)
    let classes = predictor.classify(samples)
    #expect(classes.count == 40 && Set(classes).count > 1)
    for (sample, found) in classes.enumerated() {
      let row = logits[(3 * sample)..<(3 * sample + 3)]
      #expect(row.allSatisfy { $0 <= logits[3 * sample + found] })
    }
    let single = Predictor(
      try loaded(
        ModelState(network: NetworkFiles.network(widths: [5, 4, 1]), classes: ["no", "yes"])))
    let signs = single.predict(samples).map { $0 > 0 ? 1 : 0 }
    #expect(single.classify(samples) == signs && Set(signs).count == 2)
  }
}
