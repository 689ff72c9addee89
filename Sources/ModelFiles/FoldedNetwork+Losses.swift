import NeuralNetworks

extension FoldedNetwork {
  /// What is wrong with a column in raw units.
  private enum ColumnLoss: CaseIterable {
    /// The step from one float32 to the next is too large.
    case coarse
    /// Numbers of it, or the weights that it is multiplied by, are so small that float32 has few digits for them, or
    /// takes them for 0.
    case small
    /// Numbers of it are larger than those of float32.
    case large

    var text: String {
      switch self {
      case .coarse: "float32 in raw units is too coarse for"
      case .small: "in raw units float32 loses small numbers of"
      case .large: "in raw units float32 has no numbers as large as"
      }
    }

    var advice: String {
      switch self {
      case .coarse: "subtract a constant from the data"
      case .small, .large: "use another unit, in which they are nearer to 1,"
      }
    }
  }

  /// Names of columns that one sentence has.
  private static let namedColumns = 4
  /// Of what the scaling makes 1, what may be lost.
  private static let share = 1e-3

  /// Sentences for the inputs, and for the targets, of `state` that a float32 network in raw units holds badly: more
  /// than a thousandth of what the scaling makes 1 is lost. Of several columns the first is told of, with the names of
  /// some.
  package static func losses(of state: ModelState) -> [String] {
    let inputs = state.interface?.inputs ?? []
    return losses(
      "input", state.inputScaling,
      inputs.flatMap { Array(repeating: $0.name, count: $0.width) })
      + losses("target", state.targetScaling, state.interface?.targets.map(\.name) ?? [])
  }

  private static func losses(
    _ role: String, _ scaling: AffineScaling?, _ names: [String?]
  ) -> [String] {
    guard let scaling else { return [] }
    let found = scaling.shift.indices.compactMap { column in
      loss(shift: scaling.shift[column], spread: abs(1 / scaling.scale[column]), role == "input")
        .map { (column: column, loss: $0) }
    }
    return ColumnLoss.allCases.compactMap { loss in
      let columns = found.filter { $0.loss == loss }.map(\.column)
      guard let first = columns.first else { return nil }
      func name(_ column: Int) -> String {
        (column < names.count ? names[column] : nil) ?? String(column)
      }
      let some = columns.prefix(namedColumns).map(name).joined(separator: ", ")
      let more = columns.count - namedColumns
      let subject =
        columns.count == 1
        ? "\(role) \(name(first))"
        : "\(columns.count) \(role)s (\(some)\(more > 0 ? " and \(more) more" : ""))"
      return
        "\(subject): \(loss.text) \(extent(scaling.shift[first], abs(1 / scaling.scale[first])))"
        + (columns.count == 1 ? "" : " (those of \(name(first)))")
        + ", and the file has no others; \(loss.advice) and train on these to export the network"
    }
  }

  /// What is lost of a column with `shift` in its middle, of which the scaling makes `spread` 1; nil for little.
  private static func loss(shift: Double, spread: Double, _ isInput: Bool) -> ColumnLoss? {
    // Weights are divided by the spread of inputs, and multiplied by that of targets.
    let smallest = isInput ? min(spread, 1 / spread) : spread
    if abs(shift) > Double(Float.greatestFiniteMagnitude) { return .large }
    if Double(Float.leastNormalMagnitude) > share * smallest { return .small }
    return Double(Float(shift).ulp) > share * spread ? .coarse : nil
  }

  private static func extent(_ shift: Double, _ spread: Double) -> String {
    let isFloat = Float(shift).isFinite && (1e-30...1e30).contains(spread)
    let (middle, difference) =
      isFloat ? ("\(Float(shift))", "\(Float(spread))") : ("\(shift)", "\(spread)")
    return "values about \(middle) that differ by about \(difference)"
  }
}
