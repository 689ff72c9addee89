import Engine
import NeuralNetworks
import NumericCore
import TestSupport
import Testing

/// Gradients and Gauss-Newton products by NumPy, in float64, from derivatives that are written out.
struct GaussNewtonGolden: Decodable {
  struct Layer: Decodable, Sendable {
    let weights: [Float]
    let mask: [Float]
    let bias: [Float]
    let activation: String
  }

  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let loss: String
    let parameter: Float
    let share: Double
    let widths: [Int]
    let layers: [Layer]
    let before: [Layer]
    let inputs: [Float]
    let labels: [Int32]?
    let values: [Float]?
    let value: Double
    /// Weights and biases of each layer in turn.
    let direction: [[Double]]
    let gradient: [[Double]]
    let product: [[Double]]

    var testDescription: String { "\(loss), share \(share), \(widths)" }

    var form: Loss? {
      switch loss {
      case "cross_entropy": .crossEntropy(labelSmoothing: parameter)
      case "mse": .meanSquared
      case "mae": .meanAbsolute
      case "huber": .huber(delta: parameter)
      case "binary_cross_entropy": .binaryCrossEntropy
      default: nil
      }
    }

    func network(_ layers: [Layer], slope: Float) -> Network {
      Network(
        layers: layers.enumerated().map { index, layer in
          let (inputs, outputs) = (widths[index], widths[index + 1])
          var mask: Mask?
          if layer.mask.contains(0) {
            var own = Mask(rows: outputs, columns: inputs)
            for place in layer.mask.indices where layer.mask[place] == 0 { own.remove(place) }
            mask = own
          }
          return DenseLayer(
            name: Network.layerName(index, of: layers.count),
            weights: Matrix(rows: outputs, columns: inputs, layer.weights), bias: layer.bias,
            activation: Activation(rawValue: layer.activation)!, slope: slope, mask: mask)
        })
    }

    var samples: SampleSet {
      let count = inputs.count / widths[0]
      return SampleSet(
        inputs: Matrix(rows: count, columns: widths[0], inputs),
        targets: labels.map { .labels($0) }
          ?? .values(Matrix(rows: count, columns: widths[widths.count - 1], values!)))
    }

    /// Numbers for all parameters as matrices and biases.
    func layers(_ numbers: [[Double]]) -> [(weights: Matrix, biases: [Double])] {
      layers.indices.map { index in
        (
          Matrix(
            rows: widths[index + 1], columns: widths[index], numbers[2 * index].map { Float($0) }),
          numbers[2 * index + 1]
        )
      }
    }
  }

  let numpy: String
  let slope: Float
  let cases: [Case]
}

@Suite("Fits of outputs")
struct OutputFitTests {
  static let file = try? GoldenFile.load("gauss_newton.json", as: GaussNewtonGolden.self)

  @Test("the golden file holds every loss")
  func goldenFile() throws {
    let golden = try #require(Self.file)
    #expect(golden.numpy == "2.4.6" && golden.cases.count == 9)
    #expect(Set(golden.cases.map(\.loss)).count == 5)
  }

  @Test(
    "value, gradient and Gauss-Newton product are those of derivatives written out, dense and compressed",
    arguments: file?.cases ?? [], [1, 3])
  func golden(known: GaussNewtonGolden.Case, threads: Int) throws {
    let slope = try #require(Self.file).slope
    let samples = known.samples
    let fit = OutputFit(
      known.network(known.layers, slope: slope),
      toward: known.network(known.before, slope: slope),
      objective: OutputObjective(loss: try #require(known.form), labelShare: known.share),
      mostSamples: samples.count, pool: WorkerPool(threadCount: threads))
    let (value, gradient) = fit.gradient(on: samples)
    // Roundings of Float32 on numbers about 1, through up to three layers.
    #expect(abs(value - known.value) < 1e-6 * max(1, known.value))
    #expect(value == fit.value(on: samples))
    expectNear(gradient, fit.vector(known.layers(known.gradient)), 2e-6)
    let product = fit.product(with: fit.vector(known.layers(known.direction)), on: samples)
    expectNear(product, fit.vector(known.layers(known.product)), 1e-5)
    // What a direction leaves behind is no part of the next.
    #expect(fit.product(with: gradient.map { _ in 0 }, on: samples).allSatisfy { $0 == 0 })
  }

  private func expectNear(_ values: [Double], _ others: [Double], _ tolerance: Double) {
    #expect(values.count == others.count)
    let largest = zip(values, others).map { abs($0 - $1) }.max() ?? .infinity
    #expect(largest < tolerance)
  }

  private func network(_ widths: [Int], seed: UInt64) -> Network {
    var random = SeededGenerator(seed: seed)
    return Network(
      layers: zip(widths, widths.dropFirst()).enumerated().map { index, widths in
        let (inputs, outputs) = widths
        var mask = Mask(rows: outputs, columns: inputs)
        for place in 0..<mask.count where place % 5 > index { mask.remove(place) }
        return DenseLayer(
          name: "layer\(index)",
          weights: Matrix(rows: outputs, columns: inputs, random.floats(outputs * inputs)),
          bias: random.floats(outputs), activation: index == 2 ? .identity : .relu,
          mask: index == 1 ? nil : mask)
      })
  }

  @Test("are the same bits for any number of threads, over several batches")
  func threads() {
    var random = SeededGenerator(seed: 3)
    let count = 2100
    let samples = SampleSet(
      inputs: Matrix(rows: count, columns: 60, random.floats(count * 60)),
      targets: .labels((0..<Int32(count)).map { $0 % 10 }))
    func numbers(threads: Int) -> [[Double]] {
      let network = network([60, 90, 70, 10], seed: 4)
      let fit = OutputFit(
        network, toward: self.network([60, 90, 70, 10], seed: 5),
        objective: OutputObjective(loss: .crossEntropy(), labelShare: 0.5),
        mostSamples: count, pool: WorkerPool(threadCount: threads))
      let (value, gradient) = fit.gradient(on: samples)
      return [[value], gradient, fit.product(with: gradient, on: samples)]
    }
    let alone = numbers(threads: 1)
    for threads in [2, 5] { #expect(numbers(threads: threads) == alone) }
    #expect(alone[2].contains { $0 != 0 })
  }

  @Test("parameters that are set come back, and into the network, but for pruned ones")
  func parameters() {
    var network = network([60, 90, 70, 10], seed: 4)
    let masks = network.layers.map(\.mask)
    let fit = OutputFit(
      network, toward: network, objective: OutputObjective(loss: .meanSquared, labelShare: 0),
      mostSamples: 10, pool: WorkerPool(threadCount: 1))
    let moved = fit.parameters.map { $0 == 0 ? 0 : Double(Float($0 + 0.5)) }
    fit.parameters = moved
    #expect(fit.parameters == moved)
    let old = network
    fit.update(&network)
    #expect(network.layers.map(\.mask) == masks)
    for (new, old) in zip(network.layers, old.layers) {
      #expect(new.bias == old.bias.map { $0 + 0.5 })
      for place in 0..<new.weights.count where !(new.mask?[place] ?? true) {
        #expect(new.weights.elements[place] == 0)
      }
    }
  }
}
