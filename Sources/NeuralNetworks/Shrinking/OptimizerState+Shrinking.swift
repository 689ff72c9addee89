import Engine
import NumericCore

/// What becomes of moments while units go.
extension OptimizerState {
  /// Zeroes the moments of weights that `mask` removes.
  mutating func apply(_ mask: Mask, toLayer index: Int) {
    if !first.isEmpty { first[index].apply(mask) }
    if !second.isEmpty { second[index].apply(mask) }
  }

  /// Gives the moments of one weight to another of the same row, which had none.
  mutating func moveWeight(ofLayer index: Int, _ row: Int, from: Int, to: Int) {
    if !first.isEmpty { first[index].weights[row, to] = first[index].weights[row, from] }
    if !second.isEmpty { second[index].weights[row, to] = second[index].weights[row, from] }
  }

  /// Makes the incoming moments of the first of `units` those of a unit whose gradient is the sum of theirs.
  mutating func merge(_ units: [Int], ofLayer index: Int) {
    if !first.isEmpty { first[index].merge(units) { $0.reduce(0, +) } }
    if !second.isEmpty {
      second[index].merge(units) {
        let root = $0.reduce(0) { $0 + max(0, $1).squareRoot() }
        return root * root
      }
    }
  }

  /// Zeroes what belongs to the first unit of a layer that needs none.
  mutating func silence(ofLayer index: Int) {
    if !first.isEmpty { first[index].bias[0] = 0 }
    if !second.isEmpty { second[index].bias[0] = 0 }
  }
}

extension LayerMoments {
  fileprivate mutating func merge(_ units: [Int], _ together: ([Double]) -> Double) {
    func float(_ numbers: [Float]) -> Float {
      // A moment too large for Float32 keeps the largest number.
      min(
        max(Float(together(numbers.map(Double.init))), -Float.greatestFiniteMagnitude),
        .greatestFiniteMagnitude)
    }
    let target = units[0]
    for column in 0..<weights.columns {
      weights[target, column] = float(units.map { weights[$0, column] })
    }
    bias[target] = float(units.map { bias[$0] })
  }
}
