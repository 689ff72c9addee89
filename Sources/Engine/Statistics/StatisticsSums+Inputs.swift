import NumericCore

/// What the sums say of single inputs, beside the combination of them that elimination takes.
extension StatisticsSums {
  /// S1/S0 of every input of unit `unit` of layer `layer`: its mean, weighted by h. Nil where S0 is below
  /// Float's smallest normal number, so that the ratio is noise.
  package func means(_ layer: Int, unit: Int) -> [Double]? {
    guard let row = row(of: layer, unit: unit) else { return nil }
    let places = layout.layers[layer]
    return (0..<places.inputs).map { input in
      Double(references[places.reference + input]) + pairs[row.start + 2 * input] / row.weight
    }
  }

  /// For every weight w of layer `layer`: w² · S2 = w² E[h a²], what its removal alone costs to first
  /// order, [outputs, inputs]; 0 for units without influence, never negative.
  ///
  /// - Parameter weights: W of the layer, as it was measured.
  package func energy(_ layer: Int, weights: Matrix) -> Matrix {
    let places = layout.layers[layer]
    precondition(weights.rows == places.outputs && weights.columns == places.inputs)
    var result = Matrix(rows: places.outputs, columns: places.inputs)
    result.withMutableElements { result in
      weights.withElements { w in
        for unit in 0..<places.outputs {
          guard let row = row(of: layer, unit: unit) else { continue }
          for input in 0..<places.inputs {
            let index = unit * places.inputs + input
            let weight = Double(w[index])
            result[index] = Float(weight * weight * second(places, row, input) / Double(samples))
          }
        }
      }
    }
    return result
  }

  /// For every weight of layer `layer` S2 = E[h a²], [outputs, inputs], and for every unit S0 = E[h]: the
  /// diagonal of E[Jᵀ M J], with J the derivative of the outputs by weights and biases and M what
  /// weights them. Both are 0 for units without influence.
  package func diagonal(_ layer: Int) -> (weights: Matrix, biases: [Double]) {
    let places = layout.layers[layer]
    let ones = Matrix(rows: places.outputs, columns: places.inputs, repeating: 1)
    let biases = (0..<places.outputs).map { unit in
      row(of: layer, unit: unit).map { $0.weight / Double(samples) } ?? 0
    }
    return (energy(layer, weights: ones), biases)
  }

  /// ‖a_j‖₂ over the samples, of every input of layer `layer`; only of sums without sensitivities (h = 1).
  package func inputNorms(_ layer: Int) -> [Double] {
    let places = layout.layers[layer]
    precondition(places.isUniform, "a norm over samples of equal weight")
    guard let row = row(of: layer, unit: 0) else {
      return Array(repeating: 0, count: places.inputs)
    }
    return (0..<places.inputs).map { second(places, row, $0).squareRoot() }
  }

  /// Where the pairs of a unit begin, and its Σ h.
  private func row(of layer: Int, unit: Int) -> (start: Int, weight: Double)? {
    let places = layout.layers[layer]
    if places.isUniform { return (places.pairSum, Double(samples)) }
    let weight = weights[places.weightSum + unit]
    if weight < Double(Float.leastNormalMagnitude) * Double(samples) { return nil }
    return (places.pairSum + 2 * unit * places.inputs, weight)
  }

  /// Σ h a² of one weight, from sums about the reference r: Σ h ã² + 2 r Σ h ã + r² Σ h.
  private func second(
    _ places: StatisticsLayout.Places, _ row: (start: Int, weight: Double), _ input: Int
  ) -> Double {
    let reference = Double(references[places.reference + input])
    let (first, second) = (pairs[row.start + 2 * input], pairs[row.start + 2 * input + 1])
    return max(0, second + reference * (2 * first + reference * row.weight))
  }
}
