import Datasets
import NeuralNetworks
import NumericCore
import Storage

/// Outputs of a model for a file of raw inputs.
package struct Prediction {
  private let model: ModelState
  /// The model's.
  private let modelFile: String
  private let data: String
  private let format: CSVFormat
  private let columns: ColumnSettings
  private let probabilities: Bool
  private let names: PredictionNames

  /// - Parameters:
  ///   - file: the model's, for messages.
  ///   - format: what it leaves open is as the model knows it.
  ///   - columns: what is no input, beside the columns that the model knows not to be, and what is missing.
  package init(
    model: ModelState, file: String = "", data: String, format: CSVFormat = CSVFormat(),
    columns: ColumnSettings = ColumnSettings(), probabilities: Bool
  ) {
    self.model = model
    modelFile = file
    self.data = data
    self.format = format
    self.columns = columns
    self.probabilities = probabilities
    names = PredictionNames(
      classes: model.classes, targets: model.interface?.targets.map(\.name) ?? [])
  }

  /// Writes the outputs.
  ///
  /// - Parameter tell: takes what the user should see of the data.
  /// - Returns: the shape written.
  /// - Throws: `DatasetError`, `RunFailure.invalid` when the columns do not fit, `RunFailure.commandLine` for
  ///   probabilities of a regression, `StoreError`.
  package func write(
    to file: NamedFile, as form: PredictionForm, pool: WorkerPool,
    memory: Int? = MemoryAllowance.present, tell: (Notice) -> Void = { _ in }
  ) throws -> (rows: Int, outputs: Int) {
    let (original, empty) = try outputs(pool: pool, memory: memory, tell: tell)
    try file.write(form.bytes(of: original, names, empty: empty, probabilities: probabilities))
    return (original.rows, original.columns)
  }

  /// The outputs [rows, outputs] in original units, or probabilities, and the rows that have none because
  /// inputs are missing.
  ///
  /// - Throws: as `write` does.
  func outputs(
    pool: WorkerPool, memory: Int? = MemoryAllowance.present,
    tell: (Notice) -> Void = { _ in }
  ) throws -> (outputs: DataMatrix, empty: [Int32]) {
    if probabilities, model.classes.isEmpty {
      throw RunFailure.commandLine(
        "--probabilities: the model is a regression, which has no class probabilities; leave it out"
      )
    }
    var rows = try InputFile.read(
      data, format: format, ignoring: self.columns.ignored, markers: self.columns.markers,
      keepingRows: true, interface: model.interface, leavesArrays: true)
    let columns = ReadColumns(rows)
    guard rows.inputs.columns == model.network.inputs else {
      throw RunFailure.invalid(
        "\(data): \(counted(rows.inputs.columns, "column"))\(columns.list), the model takes "
          + counted(model.network.inputs, "input")
          + columns.advice(
            superfluous: rows.inputs.columns - model.network.inputs, mayHaveLabel: true))
    }
    if model.interface?.inputs.isEmpty ?? true, columns.haveNames {
      rows.notes.append(UnnamedColumns.note(on: data, of: modelFile))
    }
    try rows.scale(model.inputScaling, file: data)
    rows.notices.forEach(tell)
    let count = Double(rows.inputs.rows) * Double(model.network.outputs)
    // In float32, and as written; and the network in working form.
    try WorkMemory.demand(
      8 * count + 4 * Double(model.network.weightCount), for: "predicting for \(data)",
      advice: "cut the data into several files",
      present: memory)
    let outputs = Predictor(model.network, pool: pool)
      .outputs(for: rows.inputs.samples, probabilities: probabilities)
    if case .stored(let stored) = rows.inputs, let failure = stored.failure { throw failure }
    guard outputs.isFinite else {
      throw RunFailure.invalid(
        "\(data): some outputs are not finite; the inputs are too large for the model")
    }
    // A float32 would lose the digits of targets that lie far from 0.
    let original =
      model.targetScaling.map { DataMatrix.float64($0.undone(outputs)) } ?? .float32(outputs)
    return (original, rows.incomplete)
  }
}
