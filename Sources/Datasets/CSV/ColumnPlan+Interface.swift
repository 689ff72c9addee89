import NeuralNetworks

extension ColumnPlan {
  /// The columns that `interface` knows: by their names, or in order where there are none on one side.
  ///
  /// Columns that the model leaves out, and those that the request ignores, are ignored. Its targets
  /// are recognized and, unless the request selects others, read where targets are wanted.
  /// - Throws: `DatasetError`, naming columns that are missing or new.
  init(
    _ table: CSVTable, _ request: TableRequest, by interface: ModelInterface
  ) throws(DatasetError) {
    let matching = ColumnMatching(table, request, interface)
    let match = try matching.match()
    let inputs = zip(interface.inputs, match.inputs).map { input, column in
      ModelInterface.Input(
        name: input.name ?? table.names?[column], position: column, kind: input.kind)
    }
    try self.init(table, inputs: inputs, targets: match.targets, task: request.task)
    if let note = match.note { notes.append("\(table.file): \(note)") }
  }
}
