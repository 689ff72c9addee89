import NumericCore

/// What it costs to remove units of a hidden layer, one after the other, when the layer above is refitted by
/// least squares without them.
///
/// The unit j that goes is replaced by what a ridge regression makes of the units that are left, a_j ≈ −Σ κ_i a_i
/// but for a constant, with κ = K_:j / K_jj and K = (Σ + λ)⁻¹, Σ the covariance of the units' activations. What is
/// left of it varies by 1/K_jj − λ, and counts at the outputs as B_jj, so it costs
///
///     B_jj (1/K_jj − λ)      B = E Σ_k g_k g_kᵀ, g_k the outputs' gradients by the activations
///
/// The layer above then has the weights W − W_:j κᵀ, so that
///
///     K ← K − K_jj κ κᵀ      B ← B − b κᵀ − κ bᵀ + B_jj κ κᵀ, with b = B_:j
///
/// Of both only diagonals are kept up to date; a column of them is put together when its unit goes.
///
/// Where the network was refitted before, its weights are the regression's for the units that there are, and
/// then these are the exact costs of the next removal but for the ridge.
///
/// Source: after "Pruning with compensation", arXiv 2108.13728, which takes units whose going costs least
/// after W' = W Σ_:S Σ_SS⁻¹; the inverse without a unit as in Hassibi and Stork, "Second order derivatives for
/// network pruning: optimal brain surgeon", 1993. How much a unit counts at the outputs is ours.
package struct UnitElimination: Sendable {
  private let units: Int
  private let ridge: Double
  /// K and B at first, both triangles.
  private let inverse: [Double]
  private let influence: [Double]
  /// K_jj and B_jj as they stand.
  private var variances: [Double]
  private var influences: [Double]
  /// Of each unit that has gone: κ, K_jj, and u with which B loses κ uᵀ + u κᵀ.
  private var gone: [(kappa: [Double], scale: Double, u: [Double])] = []

  /// - Parameters:
  ///   - inverse: K, [units, units].
  ///   - influence: B, likewise.
  ///   - ridge: λ.
  package init(inverse: [Double], influence: [Double], units: Int, ridge: Double) {
    precondition(inverse.count == units * units && influence.count == units * units)
    (self.units, self.ridge, self.inverse, self.influence) = (units, ridge, inverse, influence)
    variances = (0..<units).map { inverse[$0 * units + $0] }
    influences = (0..<units).map { influence[$0 * units + $0] }
  }

  /// A unit that goes.
  package struct Removal: Sendable {
    package let unit: Int
    /// What it costs for each weight that its going saves; never less than that of the one before.
    package let cost: Double
  }

  /// All units that are there, in the order in which they go: always the one that costs least for each weight
  /// saved; of equal ones the lower index.
  ///
  /// - Parameters:
  ///   - saved: weights that the going of a unit saves; 0 for one that is gone.
  ///   - exact: for how many the others' costs are brought up to date; the rest goes by what costs then are.
  package mutating func removals(saving saved: [Int], exact: Int) -> [Removal] {
    var left = (0..<units).filter { saved[$0] > 0 }
    var result: [Removal] = []
    var most = 0.0
    func cost(_ unit: Int) -> Double {
      let variance = max(0, 1 / variances[unit] - ridge)
      return max(0, influences[unit]) * variance / Double(saved[unit])
    }
    while !left.isEmpty, result.count < exact {
      let costs = left.map(cost)
      let place = costs.indices.min { (costs[$0], $0) < (costs[$1], $1) } ?? 0
      most = max(most, costs[place])
      let unit = left.remove(at: place)
      result.append(Removal(unit: unit, cost: most))
      if !left.isEmpty { remove(unit) }
    }
    for (unit, cost) in left.map({ ($0, cost($0)) }).sorted(by: { ($0.1, $0.0) < ($1.1, $1.0) }) {
      most = max(most, cost)
      result.append(Removal(unit: unit, cost: most))
    }
    return result
  }

  /// Replaces unit `unit` by the others.
  private mutating func remove(_ unit: Int) {
    let line = unit * units..<(unit + 1) * units
    var (k, b) = (Array(inverse[line]), Array(influence[line]))
    for past in gone {
      DoubleProduct.add(units, -past.scale * past.kappa[unit], past.kappa, to: &k)
      DoubleProduct.add(units, -past.u[unit], past.kappa, to: &b)
      DoubleProduct.add(units, -past.kappa[unit], past.u, to: &b)
    }
    let scale = k[unit]
    // One that rounding leaves nothing of is taken for one that nothing depends on.
    guard scale > 0, scale.isFinite else { return }
    for index in k.indices { k[index] /= scale }
    DoubleProduct.add(units, -b[unit] / 2, k, to: &b)
    for index in 0..<units {
      variances[index] -= scale * k[index] * k[index]
      influences[index] -= 2 * k[index] * b[index]
    }
    gone.append((k, scale, b))
  }
}
