import Engine
import Foundation
import NeuralNetworks
import TestSupport

/// A network by its definition in Double, whose parameters are one list: a layer's weights row by
/// row, its biases, and for prelu its slope.
struct ReferenceNetwork {
  private struct Layer {
    let inputs: Int, outputs: Int
    let function: ReferenceActivation
    let slope: Double
    let learnsSlope: Bool
  }

  private let layers: [Layer]
  var parameters: [Double]
  /// What the activations of each hidden layer are multiplied by, for each sample; 1 where nothing stands.
  var factors: [Int: [[Double]]] = [:]

  init(_ network: Network) {
    layers = network.layers.map {
      Layer(
        inputs: $0.inputs, outputs: $0.outputs,
        function: ReferenceActivation(rawValue: $0.activation.rawValue)!,
        slope: Double($0.slope), learnsSlope: $0.activation == .prelu)
    }
    parameters = network.layers.flatMap { layer in
      layer.weights.elements.map(Double.init) + layer.bias.map(Double.init)
        + (layer.activation == .prelu ? [Double(layer.slope)] : [])
    }
  }

  /// The outputs for one sample.
  func outputs(for input: [Double], factors: [[Double]] = []) -> [Double] {
    var values = input
    var at = 0
    for (index, layer) in layers.enumerated() {
      let (weights, bias) = (at, at + layer.outputs * layer.inputs)
      at = bias + layer.outputs
      var slope = layer.slope
      if layer.learnsSlope {
        slope = parameters[at]
        at += 1
      }
      values = (0..<layer.outputs).map { output in
        var sum = parameters[bias + output]
        let row = weights + output * layer.inputs
        for i in 0..<layer.inputs { sum += parameters[row + i] * values[i] }
        let value = layer.function.value(sum, slope: slope)
        return index < factors.count ? value * factors[index][output] : value
      }
    }
    return values
  }

  /// The mean loss over `samples`, which are taken in their order.
  func loss(_ loss: Loss, over samples: SampleSet) -> Double {
    var sum = 0.0
    for index in samples.indices {
      let y = outputs(
        for: samples.inputs.row(Int(index)).map(Double.init), factors: factors[Int(index)] ?? [])
      sum += ReferenceNetwork.loss(loss, outputs: y, targets: samples.targets, row: Int(index))
    }
    return sum / Double(samples.count)
  }

  private static func loss(
    _ loss: Loss, outputs y: [Double], targets: SampleSet.Targets, row: Int
  ) -> Double {
    let label: Int
    let t: [Double]
    switch targets {
    case .labels(let labels):
      label = Int(labels[row])
      t = y.indices.map { (y.count == 1 ? label == 1 : label == $0) ? 1 : 0 }
    case .values(let values):
      label = 0
      t = values.row(row).map(Double.init)
    }
    func mean(_ term: (Double, Double) -> Double) -> Double {
      zip(y, t).reduce(0) { $0 + term($1.0, $1.1) } / Double(y.count)
    }
    switch loss {
    case .crossEntropy(let smoothing):
      let top = y.max()!
      let lse = top + log(y.reduce(0) { $0 + exp($1 - top) })
      let s = Double(smoothing)
      return lse - (1 - s) * y[label] - s * y.reduce(0, +) / Double(y.count)
    case .meanSquared: return mean { ($0 - $1) * ($0 - $1) }
    case .meanAbsolute: return mean { abs($0 - $1) }
    case .huber(let delta):
      let d = Double(delta)
      return mean { abs($0 - $1) < d ? ($0 - $1) * ($0 - $1) / 2 : d * (abs($0 - $1) - d / 2) }
    case .binaryCrossEntropy: return mean { max($0, 0) - $0 * $1 + log1p(exp(-abs($0))) }
    }
  }
}
