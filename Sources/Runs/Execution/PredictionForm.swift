import Datasets
import NumericCore
import Storage

/// In what form predictions are written; its name is also the suffix of a file's name.
package enum PredictionForm: String, Sendable, CaseIterable {
  case csv
  case npy
  case npz

  /// The content of a file.
  ///
  /// - Parameters:
  ///   - outputs: [rows, outputs] as the network gives them, or probabilities.
  ///   - names: of the columns, as far as they are known.
  ///   - empty: rows without a prediction: empty fields of a CSV, NaN in arrays.
  /// - Throws: `RunFailure.invalid` for more than the form holds.
  func bytes(
    of outputs: DataMatrix, _ names: PredictionNames, empty: [Int32], probabilities: Bool
  ) throws(RunFailure) -> [UInt8] {
    var arrays = outputs
    arrays.replace((0..<outputs.columns).map { ($0, .nan, empty) })
    switch self {
    case .npy: return NPY.bytes(of: arrays)
    case .npz:
      let name = probabilities ? "probabilities" : "outputs"
      var entries = [(name, NPY.bytes(of: arrays))]
      if let (name, texts) = names.array(outputs: outputs.columns) {
        entries.append((name, NPY.bytes(of: texts)))
      }
      guard let bytes = NPZ.bytes(of: entries) else {
        throw .invalid("an NPZ file holds less than 4 GiB here; write .npy")
      }
      return bytes
    case .csv: return names.csv(of: outputs, empty: Set(empty), probabilities: probabilities)
    }
  }
}

/// What the columns of predictions are called.
struct PredictionNames {
  /// Of the classes, in the order of the outputs; empty for a regression.
  let classes: [String]
  /// Of the columns that are predicted; nil for one that has none.
  let targets: [String?]

  /// The names of the columns of an array of `outputs` columns, and what they are; nil where they have
  /// none.
  func array(outputs: Int) -> (name: String, texts: [String])? {
    if !classes.isEmpty { return ("classes", classes) }
    let names = targets.compactMap(\.self)
    return names.count == outputs ? ("target_names", names) : nil
  }

  /// The name of the column of classes, which no column of a class has.
  private func labelName(beside columns: [String]) -> String {
    var name = (targets.first ?? nil) ?? "class"
    while columns.contains(name) { name = "predicted " + name }
    return name
  }

  /// Of a classifier the class of each row, and with `probabilities` a column for every class; of a
  /// regression a column for every target.
  func csv(of outputs: DataMatrix, empty: Set<Int32>, probabilities: Bool) -> [UInt8] {
    if classes.isEmpty {
      var text = CSVText(
        header: (0..<outputs.columns).map { column in
          let name = column < targets.count ? targets[column] : nil
          return name ?? (outputs.columns == 1 ? "prediction" : "prediction \(column)")
        })
      for row in 0..<outputs.rows {
        text.add(
          (0..<outputs.columns).map { empty.contains(Int32(row)) ? "" : outputs.digits(row, $0) })
      }
      return text.bytes
    }
    var text = CSVText(
      header: [labelName(beside: probabilities ? classes : [])] + (probabilities ? classes : []))
    for row in 0..<outputs.rows {
      if empty.contains(Int32(row)) {
        text.add(Array(repeating: "", count: 1 + (probabilities ? classes.count : 0)))
        continue
      }
      var values = (0..<outputs.columns).map { Float(outputs[row, $0]) }
      // One output is the second class's; a logit above 0 is a probability above a half.
      if values.count == 1 { values = [(probabilities ? 1 : 0) - values[0], values[0]] }
      let best = values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
      text.add([classes[best]] + (probabilities ? values.map { "\($0)" } : []))
    }
    return text.bytes
  }
}

extension DataMatrix {
  /// An element in as many digits as tell it from its neighbours.
  fileprivate func digits(_ row: Int, _ column: Int) -> String {
    switch self {
    case .float32(let matrix): "\(matrix[row, column])"
    case .float64(let matrix): "\(matrix[row, column])"
    case .stored(let matrix): "\(DataMatrix.stored(matrix)[row, column])"
    }
  }
}
