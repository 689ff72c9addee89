import NumericCore

/// How weights and biases start.
package enum Initialization: String, Sendable, CaseIterable {
  /// N(0, 2 / inputs) (He et al. 2015).
  case heNormal = "he_normal"
  /// U(±√(6 / inputs)) (He et al. 2015).
  case heUniform = "he_uniform"
  /// N(0, 2 / (inputs + outputs)) (Glorot and Bengio 2010).
  case xavierNormal = "xavier_normal"
  /// U(±√(6 / (inputs + outputs))) (Glorot and Bengio 2010).
  case xavierUniform = "xavier_uniform"
  /// Orthonormal rows or columns, whichever are fewer (Saxe et al. 2014).
  case orthogonal
  /// U(±√(1 / inputs)), biases too: what `torch.nn.Linear` begins with.
  case fanInUniform = "fan_in_uniform"

  /// What holds where nothing is stated: the best of six over eight data sets with relu and tanh, by the loss on
  /// validation rows (`Tests/peer-comparison/initializations`).
  package static let standard = Initialization.fanInUniform

  /// Weights [outputs, inputs] for layer `layer`, a function of (seed, layer) alone.
  package func weights(outputs: Int, inputs: Int, layer: Int, seed: UInt64) -> Matrix {
    var generator = Philox(seed: seed, purpose: .initialization, index: UInt64(layer))
    let count = outputs * inputs
    let fanIn = Double(inputs)
    let fanSum = Double(inputs + outputs)
    switch self {
    case .heNormal: return normal(deviation: (2 / fanIn).squareRoot())
    case .xavierNormal: return normal(deviation: (2 / fanSum).squareRoot())
    case .heUniform: return uniform(bound: (6 / fanIn).squareRoot())
    case .xavierUniform: return uniform(bound: (6 / fanSum).squareRoot())
    case .fanInUniform: return uniform(bound: (1 / fanIn).squareRoot())
    case .orthogonal:
      return orthogonalMatrix(rows: outputs, columns: inputs, entries: generator.normals(count))
    }

    func normal(deviation: Double) -> Matrix {
      Matrix(
        rows: outputs, columns: inputs, generator.normals(count).map { Float($0 * deviation) })
    }

    func uniform(bound: Double) -> Matrix {
      let entries = (0..<count).map { _ in Float((2 * generator.nextUnit() - 1) * bound) }
      return Matrix(rows: outputs, columns: inputs, entries)
    }
  }

  /// Biases [outputs] for layer `layer`, a function of (seed, layer) alone; 0 but with `fanInUniform`.
  package func biases(outputs: Int, inputs: Int, layer: Int, seed: UInt64) -> [Float] {
    guard self == .fanInUniform else { return Array(repeating: 0, count: outputs) }
    var generator = Philox(seed: seed, purpose: .initialBiases, index: UInt64(layer))
    let bound = (1 / Double(inputs)).squareRoot()
    return (0..<outputs).map { _ in Float((2 * generator.nextUnit() - 1) * bound) }
  }
}

/// Orthonormalises the rows of a normal matrix (the columns, when they are fewer) by modified
/// Gram–Schmidt, twice, which keeps orthogonality to rounding.
private func orthogonalMatrix(rows: Int, columns: Int, entries: [Double]) -> Matrix {
  let vectors = min(rows, columns)
  let length = max(rows, columns)
  var basis = (0..<vectors).map { Array(entries[($0 * length)..<(($0 + 1) * length)]) }
  for i in 0..<vectors {
    for _ in 0..<2 {
      for j in 0..<i {
        var dot = 0.0
        for t in 0..<length { dot += basis[i][t] * basis[j][t] }
        for t in 0..<length { basis[i][t] -= dot * basis[j][t] }
      }
    }
    let norm = basis[i].reduce(0) { $0 + $1 * $1 }.squareRoot()
    for t in 0..<length { basis[i][t] /= norm }
  }
  var result = Matrix(rows: rows, columns: columns)
  for i in 0..<vectors {
    for t in 0..<length {
      if rows <= columns {
        result[i, t] = Float(basis[i][t])
      } else {
        result[t, i] = Float(basis[i][t])
      }
    }
  }
  return result
}
