import Foundation

/// One map σ(W x + b) in Double.
package struct ReferenceMap: Sendable {
  package let outputs: Int
  package let inputs: Int
  /// [outputs, inputs], row-major.
  package let weights: [Double]
  package let bias: [Double]
  package let activation: ReferenceActivation
  package let slope: Double

  package init(
    outputs: Int, inputs: Int, weights: [Float], bias: [Float], activation: ReferenceActivation,
    slope: Float
  ) {
    self.outputs = outputs
    self.inputs = inputs
    self.weights = weights.map { Double($0) }
    self.bias = bias.map { Double($0) }
    self.activation = activation
    self.slope = Double(slope)
  }
}

/// The matrix M(y) by which a small change δ of the outputs is measured: δᵀ M δ.
package enum ReferenceMetric: String, Sendable, CaseIterable {
  case none, euclidean, logistic, softmax

  func matrix(_ y: [Double]) -> [[Double]] {
    let top = y.max()!
    let sum = y.reduce(0) { $0 + exp($1 - top) }
    return y.indices.map { row in
      y.indices.map { column in
        let (p, q) = (exp(y[row] - top) / sum, exp(y[column] - top) / sum)
        switch self {
        case .none, .euclidean: return row == column ? 1 : 0
        case .logistic:
          return row == column ? 1 / (1 + exp(-y[row])) / (1 + exp(y[row])) : 0
        case .softmax: return row == column ? p * (1 - p) : -p * q
        }
      }
    }
  }
}

/// Elimination-compensation in Double, sample by sample: importance w² E[h (a − m)²] and shift w m with
/// m = E[h a] / E[h] and h = gᵀ M g, in two passes, so that nothing cancels.
package func referenceElimination(
  _ maps: [ReferenceMap], samples: [[Float]], metric: ReferenceMetric
) -> [(importance: [Double], shift: [Double])] {
  let traces = samples.map { trace(maps, $0.map { Double($0) }, metric) }
  return maps.indices.map { index in
    let map = maps[index]
    var importance = [Double](repeating: 0, count: map.outputs * map.inputs)
    var shift = importance
    for unit in 0..<map.outputs {
      let total = traces.reduce(0) { $0 + $1.sensitivities[index][unit] }
      if total <= Double(Float.leastNormalMagnitude) * Double(samples.count) { continue }
      for input in 0..<map.inputs {
        let weight = map.weights[unit * map.inputs + input]
        var mean = 0.0
        for t in traces { mean += t.sensitivities[index][unit] * t.inputs[index][input] }
        mean /= total
        var variance = 0.0
        for t in traces {
          let deviation = t.inputs[index][input] - mean
          variance += t.sensitivities[index][unit] * deviation * deviation
        }
        importance[unit * map.inputs + input] = weight * weight * variance / Double(samples.count)
        shift[unit * map.inputs + input] = weight * mean
      }
    }
    return (importance, shift)
  }
}

/// The inputs of every map for one sample, and h of every unit.
private func trace(
  _ maps: [ReferenceMap], _ sample: [Double], _ metric: ReferenceMetric
) -> (inputs: [[Double]], sensitivities: [[Double]]) {
  var inputs: [[Double]] = []
  var derivatives: [[Double]] = []
  var a = sample
  for map in maps {
    inputs.append(a)
    let z = (0..<map.outputs).map { unit in
      (0..<map.inputs).reduce(map.bias[unit]) {
        $0 + map.weights[unit * map.inputs + $1] * a[$1]
      }
    }
    a = z.map { map.activation.value($0, slope: map.slope) }
    derivatives.append(z.map { map.activation.slope(at: $0, slope: map.slope) })
  }
  if metric == .none {
    return (inputs, maps.map { Array(repeating: 1, count: $0.outputs) })
  }
  // gradients[k][unit] = ∂y_k/∂z_unit of the map at hand.
  var gradients = a.indices.map { k in a.indices.map { $0 == k ? derivatives.last![k] : 0 } }
  let matrix = metric.matrix(a)
  var sensitivities: [[Double]] = []
  for index in maps.indices.reversed() {
    sensitivities.append(
      (0..<maps[index].outputs).map { unit in
        var h = 0.0
        for k in a.indices {
          for m in a.indices { h += gradients[k][unit] * matrix[k][m] * gradients[m][unit] }
        }
        return max(h, 0)
      })
    if index == 0 { break }
    let map = maps[index]
    gradients = gradients.map { upper in
      (0..<map.inputs).map { unit in
        derivatives[index - 1][unit]
          * (0..<map.outputs).reduce(0) { $0 + upper[$1] * map.weights[$1 * map.inputs + unit] }
      }
    }
  }
  return (inputs, sensitivities.reversed())
}
