/// The most that a pruned network may take.
///
/// Both grow by the same amount with every weight, whichever layer it is in: within such a limit the
/// least error is the least error with the most weights that fit. So it leaves an exact number of
/// weights that is known before anything is measured.
package enum ResourceLimit: Sendable, Equatable {
  /// Memory of the network in compressed rows, the form in which sparse kernels read it: 4 bytes for
  /// the value and 4 for the column of each weight, 4 for the beginning of each row and one more a
  /// layer, 4 for each bias. Slopes of activations are not counted.
  case bytes(Int)
  /// Multiply-adds of one sample: one for each weight.
  case multiplyAdds(Int)

  /// The unit in words.
  package var unit: String {
    switch self {
    case .bytes: "bytes"
    case .multiplyAdds: "multiply-adds"
    }
  }

  /// What may be taken, in that unit.
  package var most: Int {
    switch self {
    case .bytes(let most), .multiplyAdds(let most): most
    }
  }

  /// What each kept weight takes.
  private var perWeight: Int {
    switch self {
    case .bytes: 8
    case .multiplyAdds: 1
    }
  }

  /// What `layers` take with no weight left.
  private func base(_ layers: [LayerProfile]) -> Int {
    switch self {
    case .bytes: layers.reduce(0) { $0 + 4 * ($1.outputs + 1) + 4 * $1.outputs }
    case .multiplyAdds: 0
    }
  }

  /// What `layers` take with `kept` weights left among them.
  package func cost(keeping kept: Int, of layers: [LayerProfile]) -> Int {
    base(layers) + perWeight * kept
  }

  /// The most weights that fit, of all that `layers` ever had, with one element of `limits` a layer.
  ///
  /// - Throws: `BudgetError.limitTooSmall` where the layers have to keep more.
  func mostKept(
    of layers: [LayerProfile], limits: [LayerLimits]
  ) throws(BudgetError) -> Int {
    let most = mostKept(of: layers)
    let bounds = zip(layers, limits).map { $1.bounds(of: $0) }
    let least = bounds.reduce(0) { $0 + $1.least }
    guard most >= least else {
      throw .limitTooSmall(
        self, kept: least, feasible: cost(keeping: least, of: layers),
        binding: BudgetDemand.binding(layers, bounds))
    }
    return most
  }

  /// The most weights of `layers` that may be left; negative where even none is too much.
  private func mostKept(of layers: [LayerProfile]) -> Int {
    let room = most - base(layers)
    if room < 0 { return -1 }
    return min(room / perWeight, layers.reduce(0) { $0 + $1.weights })
  }
}
