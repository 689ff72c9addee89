import Datasets
import NeuralNetworks
import NumericCore
import Storage

/// The files that a command line names for samples, with or without what the network should make of them.
package struct SampleFiles: Sendable, Equatable {
  /// A table or an array.
  package let data: String
  /// A file of targets; nil where `data` has them, or there are none.
  package let labels: String?
  /// The columns of a table that are targets; empty where nobody says which.
  package let label: [ColumnSelector]
  /// Whether the inputs alone are wanted, whatever else is there.
  package let isWithoutLabels: Bool
  /// Of the text of a table.
  package let layout: CSVFormat
  /// The columns of a table that are left out.
  package let columns: ColumnSettings

  package init(
    data: String, labels: String? = nil, label: [ColumnSelector] = [],
    isWithoutLabels: Bool = false,
    layout: CSVFormat = CSVFormat(), columns: ColumnSettings = ColumnSettings()
  ) {
    self.data = data
    self.labels = labels
    self.label = label
    self.isWithoutLabels = isWithoutLabels
    self.layout = layout
    self.columns = columns
  }
}

/// Samples as a network takes them.
struct ModelSamples {
  let samples: SampleSet
  /// Where they come from, for messages.
  let source: String
  /// Whether there is anything that the network should make of them.
  let hasTargets: Bool
  /// Of the classes that they are; nil for others.
  let classes: [String]?
  /// What the user should see.
  let notices: [Notice]
  /// What there is to know of their columns; nil for others than tables.
  var interface: ModelInterface?
}

extension StoredModel {
  /// The samples of `files`, which are raw, as the network takes them. A table whose columns are not said to
  /// be targets has the model's, or the last one. It has none where no column can be one: a label that cannot
  /// be read is wrong, and does not make the others count for nothing.
  ///
  /// - Throws: `DatasetError`, `RunFailure.invalid` when the columns do not fit.
  func read(_ files: SampleFiles) throws -> ModelSamples {
    if let labels = files.labels {
      return try labelled(
        .arrays(data: files.data, labels: labels, layout: files.layout, columns: files.columns))
    }
    if files.isWithoutLabels || DataFormats.isNamedArray(files.data) && files.label.isEmpty {
      return try inputs(files)
    }
    let table = DataSource.csv(
      files.data, labels: files.label, format: files.layout, columns: files.columns)
    if !files.label.isEmpty { return try labelled(table) }
    do {
      return try labelled(table)
    } catch {
      guard let inputs = try? inputs(files), inputs.interface?.targets.isEmpty != false else {
        throw error
      }
      return inputs
    }
  }

  private func labelled(_ source: DataSource) throws -> ModelSamples {
    let dataset = try read(source)
    return ModelSamples(
      samples: SampleSet(DatasetPart(dataset)), source: dataset.source, hasTargets: true,
      classes: dataset.targets.classNames, notices: dataset.notices,
      interface: dataset.featureNames == nil && dataset.report == nil ? nil : dataset.interface)
  }

  private func inputs(_ files: SampleFiles) throws -> ModelSamples {
    var rows = try InputFile.read(
      files.data, format: files.layout, ignoring: files.columns.ignored,
      markers: files.columns.markers, interface: state.interface)
    let columns = ReadColumns(rows)
    try checkInputs(rows.inputs.columns, columns, of: files.data)
    if !knowsColumns, columns.haveNames {
      rows.notes.append(UnnamedColumns.note(on: files.data, of: path))
    }
    try rows.scale(state.inputScaling, file: files.data)
    // Nothing reads the targets of samples that have none.
    let targets = SampleSet.Targets.labels(Array(repeating: 0, count: rows.inputs.rows))
    return ModelSamples(
      samples: SampleSet(inputs: rows.inputs.rounded, targets: targets), source: files.data,
      hasTargets: false, classes: nil, notices: rows.notices, interface: rows.interface)
  }
}
