import NeuralNetworks

/// Some rows of a data set; the numbers themselves are shared, not copied.
package struct DatasetPart: Sendable, Equatable {
  package let dataset: Dataset
  /// Rows of the data set, ascending, each once.
  package let rows: [Int32]

  /// - Precondition: every row is one of the data set.
  package init(_ dataset: Dataset, rows: [Int32]) {
    let limit = Int32(dataset.rows)
    precondition(rows.allSatisfy { $0 >= 0 && $0 < limit }, "a part has rows of its data set")
    self.dataset = dataset
    self.rows = rows
  }

  /// All rows of a data set.
  package init(_ dataset: Dataset) {
    self.dataset = dataset
    self.rows = (0..<dataset.rows).map { Int32($0) }
  }

  /// Number of rows.
  package var count: Int { rows.count }
}

/// The parts of the data for one run, scaled.
package struct DataParts: Sendable, Equatable {
  package let train: DatasetPart
  package let validation: DatasetPart?
  package let test: DatasetPart?
  /// How the inputs were scaled, nil if they were not.
  package let inputScale: AffineScaling?
  /// How the targets of a regression were scaled, nil if they were not.
  package let targetScale: AffineScaling?

  /// Sentences about the data that the user should see once.
  package var notes: [String] { sentences(\.notes) }
  /// Likewise, of values that float32 loses.
  package var warnings: [String] { sentences(\.warnings) }

  /// The tables that were converted to files of numbers, by the begin of their names.
  package var conversions: [String] {
    var all: [String] = []
    for part in [train, validation, test] {
      guard let name = part?.dataset.conversion, !all.contains(name) else { continue }
      all.append(name)
    }
    return all
  }

  private func sentences(_ of: KeyPath<Dataset, [String]>) -> [String] {
    var all = train.dataset[keyPath: of]
    for part in [validation, test] {
      all += part?.dataset[keyPath: of].filter { !all.contains($0) } ?? []
    }
    return all
  }

  /// The part of a name, nil where there is none.
  package subscript(_ name: DataPartName) -> DatasetPart? {
    switch name {
    case .train: train
    case .validation: validation
    case .test: test
    }
  }
}
