import NeuralNetworks

/// Rows of raw inputs that a C program is tried on by itself.
///
/// They follow from the model alone: about the middle of what its scaling maps to 0 and 1, or without
/// one numbers from -0.5 to 1.
struct CSampleRows {
  /// Each [inputs].
  let rows: [[Float]]

  init(_ state: ModelState) {
    rows = (0..<3).map { row in
      (0..<state.network.inputs).map { column in
        let place = Double((7 * column + 11 * row) % 25 - 8) / 16
        guard let scaling = state.inputScaling else { return Float(place) }
        return Float(scaling.raw(place, column: column))
      }
    }
  }
}
