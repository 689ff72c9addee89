import Datasets
import NeuralNetworks
import NumericCore
import Storage

/// How far two models answer differently for the same rows.
package struct PredictionDifference: Sendable, Equatable {
  /// Rows that both have an answer for.
  package let rows: Int
  /// Whether outputs are probabilities of classes; else they are in the units of the targets.
  package let areProbabilities: Bool
  /// The largest difference of two outputs.
  package let largest: Double
  /// The root of the mean of its square.
  package let rms: Double
  /// Rows to which the two give different classes; nil for a regression.
  package let otherClass: Int?

  /// Compares what `a` and `b` answer for the rows of `data`.
  ///
  /// - Parameters:
  ///   - format: how a table is laid out; what it leaves open is as each model knows it.
  ///   - columns: what is no input, beside the columns that each model knows not to be.
  ///   - tell: takes what the user should see of the data.
  /// - Throws: as `Prediction.write` does; `RunFailure.invalid` for models whose answers cannot be compared.
  package init(
    _ a: StoredModel, _ b: StoredModel, data: String, format: CSVFormat = CSVFormat(),
    columns: ColumnSettings = ColumnSettings(), pool: WorkerPool,
    tell: (Notice) -> Void = { _ in }
  ) throws {
    // What does not say its classes has those of the other.
    let (a, b) = (a.knowing(classesOf: b), b.knowing(classesOf: a))
    let classes = [a, b].map(\.state.classes)
    guard classes[0].isEmpty == classes[1].isEmpty,
      a.state.network.outputs == b.state.network.outputs,
      Set(classes[0]) == Set(classes[1])
    else {
      throw RunFailure.invalid(
        "\(b.path): its outputs are others than those of \(a.path), so what they predict cannot be compared; "
          + "leave --data out")
    }
    let isClassifier = !classes[0].isEmpty
    let answers = try [a, b].map { model in
      try Prediction(
        model: model.state, file: model.path, data: data, format: format, columns: columns,
        probabilities: isClassifier
      ).outputs(pool: pool, tell: tell)
    }
    // The same classes can stand in another order.
    let order: [Int] =
      a.state.network.outputs == 1 || !isClassifier
      ? Array(0..<a.state.network.outputs)
      : classes[0].map { classes[1].firstIndex(of: $0) ?? 0 }
    let isSwapped = isClassifier && order.count == 1 && classes[0] != classes[1]
    let empty = Set(answers.flatMap(\.empty))
    var (largest, squares, count, others) = (0.0, 0.0, 0, 0)
    let outputs = answers.map(\.outputs)
    for row in 0..<outputs[0].rows where !empty.contains(Int32(row)) {
      let first = order.indices.map { outputs[0][row, $0] }
      let second = order.map { isSwapped ? 1 - outputs[1][row, $0] : outputs[1][row, $0] }
      for (one, other) in zip(first, second) {
        largest = max(largest, abs(one - other))
        squares += (one - other) * (one - other)
      }
      if Self.place(first) != Self.place(second) { others += 1 }
      count += 1
    }
    rows = count
    areProbabilities = isClassifier
    self.largest = largest
    rms = (squares / Double(max(1, count * order.count))).squareRoot()
    otherClass = isClassifier ? others : nil
  }

  /// The class that `probabilities` stand for.
  private static func place(_ probabilities: [Double]) -> Int {
    if probabilities.count == 1 { return probabilities[0] > 0.5 ? 1 : 0 }
    return probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
  }
}

extension StoredModel {
  /// The same model with the classes of `other`, where it does not say whether it has any.
  fileprivate func knowing(classesOf other: StoredModel) -> StoredModel {
    let classes = other.state.classes
    let fits = !saysTask && !classes.isEmpty && state.network.outputs == other.state.network.outputs
    return fits ? classifying(classes) : self
  }
}
