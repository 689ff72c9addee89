import NumericCore

/// What the sums say of single inputs, beside the combination of them that elimination takes.
extension StatisticsSums {
  /// S1/S0 of every input of unit `unit` of map `map`: its mean, weighted by h. Nil where S0 is below
  /// Float's smallest normal number, so that the ratio is noise.
  package func means(_ map: Int, unit: Int) -> [Double]? {
    guard let row = row(of: map, unit: unit) else { return nil }
    let link = chain.links[map]
    return (0..<link.inputs).map { input in
      Double(references[link.reference + input]) + pairs[row.start + 2 * input] / row.weight
    }
  }

  /// For every weight w of map `map`: w² · S2 = w² E[h a²], what its removal alone costs to first
  /// order, [outputs, inputs]; 0 for units without influence, never negative.
  ///
  /// - Parameter weights: W of the map, as it was measured.
  package func energy(_ map: Int, weights: Matrix) -> Matrix {
    let link = chain.links[map]
    precondition(weights.rows == link.outputs && weights.columns == link.inputs)
    var result = Matrix(rows: link.outputs, columns: link.inputs)
    result.withMutableElements { result in
      weights.withElements { w in
        for unit in 0..<link.outputs {
          guard let row = row(of: map, unit: unit) else { continue }
          for input in 0..<link.inputs {
            let index = unit * link.inputs + input
            let weight = Double(w[index])
            result[index] = Float(weight * weight * second(link, row, input) / Double(samples))
          }
        }
      }
    }
    return result
  }

  /// ‖a_j‖₂ over the samples, of every input of map `map`; only of sums without sensitivities (h = 1).
  package func inputNorms(_ map: Int) -> [Double] {
    let link = chain.links[map]
    precondition(link.isUniform, "a norm over samples of equal weight")
    guard let row = row(of: map, unit: 0) else { return Array(repeating: 0, count: link.inputs) }
    return (0..<link.inputs).map { second(link, row, $0).squareRoot() }
  }

  /// Where the pairs of a unit begin, and its Σ h.
  private func row(of map: Int, unit: Int) -> (start: Int, weight: Double)? {
    let link = chain.links[map]
    if link.isUniform { return (link.pairSum, Double(samples)) }
    let weight = weights[link.weightSum + unit]
    if weight < Double(Float.leastNormalMagnitude) * Double(samples) { return nil }
    return (link.pairSum + 2 * unit * link.inputs, weight)
  }

  /// Σ h a² of one weight, from sums about the reference r: Σ h ã² + 2 r Σ h ã + r² Σ h.
  private func second(
    _ link: StatisticsChain.Link, _ row: (start: Int, weight: Double), _ input: Int
  ) -> Double {
    let reference = Double(references[link.reference + input])
    let (first, second) = (pairs[row.start + 2 * input], pairs[row.start + 2 * input + 1])
    return max(0, second + reference * (2 * first + reference * row.weight))
  }
}
