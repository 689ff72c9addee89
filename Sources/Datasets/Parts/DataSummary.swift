import NeuralNetworks

/// What data are, as they are read: before anything is scaled.
package struct DataSummary: Sendable, Equatable {
  /// A column that is read.
  package struct Column: Sendable, Equatable {
    /// What its values are.
    package enum Values: Sendable, Equatable {
      /// From the least to the most of all rows of the training source.
      case numbers(least: Double, most: Double)
      /// Texts, one input a level.
      case levels([String])
      /// One a row; see the classes.
      case classes
    }

    /// Where it stands in the file, and its name.
    package let place: DataColumn
    package let values: Values
    package let missing: Int
    /// What stands for missing values, where something does.
    package let fill: Double?
  }

  /// A part of the data.
  package struct Part: Sendable, Equatable {
    package let name: DataPartName
    package let rows: Int
    /// Its own file; nil where its rows are from the training source.
    package let source: String?
  }

  /// A class and how many rows of the training source have it.
  package struct Class: Sendable, Equatable {
    package let name: String
    package let rows: Int
  }

  /// Where the training part comes from.
  package let source: String
  /// Rows of that source that are used.
  package let rows: Int
  /// Numbers that the network takes.
  package let width: Int
  package let parts: [Part]
  package let inputs: [Column]
  package let targets: [Column]
  /// Empty for a regression.
  package let classes: [Class]
  /// Columns that are left out.
  package let ignored: [DataColumn]
  /// How the table was read; nil for what is none.
  package let table: TableReport?
  /// What should be looked at.
  package internal(set) var notes: [String]
}

extension DataRequest {
  /// Reads the data and says what they are.
  ///
  /// - Throws: `DatasetError`.
  package func summary(
    limit: Int = DataFile.defaultLimit,
    solutions: SolutionSource = .computed
  ) throws(DatasetError) -> DataSummary {
    try summarized(limit: limit, solutions: solutions).summary
  }

  /// What `load` gives, and what the data are, by one reading.
  /// - Throws: `DatasetError`.
  package func summarized(
    limit: Int = DataFile.defaultLimit,
    solutions: SolutionSource = .computed
  ) throws(DatasetError) -> (parts: DataParts, summary: DataSummary) {
    let raw = try raw(limit: limit, solutions: solutions)
    var summary = DataSummary(raw)
    // Scaling shows what is lost by it.
    let parts = try scaled(raw)
    summary.notes = parts.notes + parts.warnings
    return (parts, summary)
  }
}

extension DataSummary {
  init(_ raw: RawParts) {
    let main = raw.main
    func part(_ name: DataPartName, _ own: Dataset?, _ rows: [Int32]) -> Part? {
      if let own { return Part(name: name, rows: own.rows, source: own.source) }
      return rows.isEmpty ? nil : Part(name: name, rows: rows.count, source: nil)
    }
    source = main.source
    rows = main.rows
    width = main.inputs.columns
    parts = [
      part(.train, nil, raw.split.train), part(.validation, raw.validation, raw.split.validation),
      part(.test, raw.test, raw.split.test),
    ].compactMap { $0 }
    let interface =
      main.interface
      ?? ModelInterface(
        inputs: (0..<main.inputs.columns).map { ModelInterface.Input(name: nil, position: $0) },
        targets: (0..<main.targets.width).map { ModelInterface.Column(name: nil, position: $0) })
    inputs = Self.inputs(main, interface)
    (targets, classes) = Self.targets(main, interface)
    ignored = (interface.table?.ignored ?? []).map { DataColumn(index: $0.position, name: $0.name) }
    table = main.report
    notes = main.notes + (raw.validation?.notes ?? []) + (raw.test?.notes ?? [])
  }

  private static func inputs(_ main: Dataset, _ interface: ModelInterface) -> [Column] {
    let ranges = ColumnRange.ranges(of: main.inputs, rows: 0..<Int32(main.rows))
    var first = 0
    return interface.inputs.enumerated().map { index, input in
      defer { first += input.width }
      let place = DataColumn(index: input.position, name: input.name)
      let missing =
        main.report?.missingInputs[index]
        ?? (index < main.missingInputs.count ? main.missingInputs[index] : 0)
      switch input.kind {
      case .number(let fill):
        let range = ranges[first]
        return Column(
          place: place, values: .numbers(least: range.least, most: range.most), missing: missing,
          fill: fill)
      case .category(let levels, _):
        return Column(place: place, values: .levels(levels), missing: missing, fill: nil)
      }
    }
  }

  private static func targets(
    _ main: Dataset, _ interface: ModelInterface
  ) -> (columns: [Column], classes: [Class]) {
    func column(_ index: Int, _ values: Column.Values) -> Column {
      let target = index < interface.targets.count ? interface.targets[index] : nil
      let missing = main.report.flatMap {
        index < $0.missingTargets.count ? $0.missingTargets[index] : nil
      }
      return Column(
        place: DataColumn(index: target?.position ?? index, name: target?.name), values: values,
        missing: missing ?? 0, fill: nil)
    }
    switch main.targets {
    case .classes(let labels, let names):
      var counts = [Int](repeating: 0, count: names.count)
      for label in labels { counts[Int(label)] += 1 }
      return ([column(0, .classes)], zip(names, counts).map { Class(name: $0, rows: $1) })
    case .values(let values):
      let ranges = ColumnRange.ranges(of: values, rows: 0..<Int32(values.rows))
      return (
        ranges.enumerated().map { column($0, .numbers(least: $1.least, most: $1.most)) }, []
      )
    }
  }
}
