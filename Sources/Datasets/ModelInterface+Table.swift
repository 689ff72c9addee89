import NeuralNetworks

/// Tables as a model knows them.
extension ModelInterface {
  /// What a model learns of `table`.
  init(of table: CSVTable, _ format: CSVFormat, inputs: [Int], targets: [Int]) {
    let named = Set(inputs + targets)
    func column(_ index: Int) -> Column { Column(name: table.names?[index], position: index) }
    self.init(
      inputs: inputs.map { Input(name: table.names?[$0], position: $0) },
      targets: targets.map(column),
      table: Table(
        delimiter: (format.delimiter ?? .comma).rawValue, decimalSign: ".",
        header: table.names != nil,
        ignored: (0..<table.columns).filter { !named.contains($0) }.map(column)))
  }

  /// The label columns where nobody says which; nil where nothing is known of them.
  func labels(of table: CSVTable) -> [ColumnSelector]? {
    if targets.isEmpty { return nil }
    if let names = table.names, targets.contains(where: { $0.name.map(names.contains) ?? false }) {
      return targets.map { $0.name.map { .name($0) } ?? .index($0.position) }
    }
    return targets.map { .index($0.position) }
  }

  /// The label columns at `stated`, in the model's order where they are the model's by name.
  func ordered(_ stated: [Int], of table: CSVTable) -> [Int] {
    guard let names = table.names else { return stated }
    let own = targets.compactMap { target in stated.first { names[$0] == target.name } }
    return Set(own).count == stated.count && own.count == stated.count ? own : stated
  }

  /// The columns of the inputs in `table`, in their order: by name, or without names on one side as they
  /// stand. Nil where nothing is known of them.
  ///
  /// - Parameter taken: columns that are no inputs.
  /// - Throws: `DatasetError` that names the columns that are missing, and those that are new.
  func columns(of table: CSVTable, besides taken: [Int]) throws(DatasetError) -> [Int]? {
    let wanted = inputs.compactMap(\.name)
    guard let names = table.names, wanted.count == inputs.count, !wanted.isEmpty else {
      return nil
    }
    let left = Set((targets + (self.table?.ignored ?? [])).compactMap(\.name))
    var free = (0..<table.columns).filter { !taken.contains($0) }
    var found: [Int] = []
    var missing: [String] = []
    for name in wanted {
      if let place = free.firstIndex(where: { names[$0] == name }) {
        found.append(free.remove(at: place))
      } else {
        missing.append(name)
      }
    }
    let new = free.map { names[$0] }.filter { !left.contains($0) }
    func list(_ names: [String]) -> String { names.map(excerpt).joined(separator: ", ") }
    if !missing.isEmpty {
      let beside = new.isEmpty ? "" : " (there is \(list(new)), which it does not know)"
      throw .at(
        table.file,
        "the model takes the input \(list(missing)), which is not there\(beside); use data with the "
          + "columns that it was trained on")
    }
    guard new.isEmpty else {
      throw .at(
        table.file,
        "the model does not know the column \(list(new)); leave it out with --ignore")
    }
    return found
  }
}

extension CSVFormat {
  /// This layout, and what it leaves open as the model's table has it.
  func completed(by table: ModelInterface.Table?) -> CSVFormat {
    CSVFormat(
      delimiter: delimiter ?? table.flatMap { Delimiter(rawValue: $0.delimiter) },
      header: header ?? table?.header)
  }
}
