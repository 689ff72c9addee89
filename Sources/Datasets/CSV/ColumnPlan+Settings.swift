import NeuralNetworks

extension ColumnPlan {
  /// The columns that settings select: the inputs are all that are no target and not left out, or those
  /// that are named.
  /// - Throws: `DatasetError`.
  init(_ table: CSVTable, _ request: TableRequest) throws(DatasetError) {
    let settings = request.columns
    let labels = request.labels
    let targets =
      request.task == nil
      ? []
      : try table.indices(of: labels.isEmpty ? [.last] : labels, for: .labels)
    let ignored = try table.indices(
      matching: settings.ignored, besides: targets, for: .ignored)
    if let both = targets.first(where: { ignored.contains($0) }) {
      throw .selecting(
        .ignored,
        .at(
          table.file,
          "\(table.column(both)) is the target and is left out as well; choose another "
            + "\(request.context.words.label), or do not ignore it"))
    }
    var isOut = [Bool](repeating: false, count: table.columns)
    for column in targets + ignored { isOut[column] = true }
    var columns = isOut.indices.filter { !isOut[$0] }
    if let stated = settings.inputs {
      columns = try table.indices(matching: stated, besides: targets, for: .inputs)
      if let both = targets.first(where: { columns.contains($0) }) {
        throw .selecting(
          .inputs,
          .at(
            table.file,
            "\(table.column(both)) is the target and an input as well; choose another "
              + "\(request.context.words.label), or leave it out of inputs"))
      }
    }
    var notes: [String] = []
    var kinds: [Int: ModelInterface.Input.Kind] = [:]
    if let unknown = settings.oneHot {
      let scan = try LevelScan(
        table, columns: columns, settings.missing, unknown, request.context.words)
      kinds = scan.kinds
      notes = scan.notes
    }
    let inputs = columns.map { column in
      ModelInterface.Input(
        name: table.names?[column], position: column, kind: kinds[column] ?? .number(fill: nil))
    }
    try self.init(table, inputs: inputs, targets: targets, task: request.task)
    self.notes =
      notes + Self.sameNames(table, columns, request.context.words)
      + Self.namesOfTargets(table, columns, targets, request.context.words)
  }

  /// A sentence for each of the inputs `columns` that has the name of a target.
  private static func namesOfTargets(
    _ table: CSVTable, _ columns: [Int], _ targets: [Int], _ words: SettingWords
  ) -> [String] {
    guard let names = table.names else { return [] }
    return columns.compactMap { column in
      guard let target = targets.first(where: { names[$0] == names[column] }) else { return nil }
      return
        "\(table.file): column \(column), an input, and column \(target), the target (counted from 0), are "
        + "both named \(excerpt(names[column])), so only their order tells them apart; rename one of "
        + "them, or \(words.leavingOut([DataColumn(index: column)])) to leave the input out"
    }
  }

  /// A sentence for the inputs `columns` that have the same name.
  private static func sameNames(
    _ table: CSVTable, _ columns: [Int], _ words: SettingWords
  ) -> [String] {
    guard let names = table.names else { return [] }
    var places: [String: [Int]] = [:]
    for column in columns where !names[column].isEmpty {
      places[names[column], default: []].append(column)
    }
    return places.filter { $1.count > 1 }.sorted { $0.value[0] < $1.value[0] }.map {
      name, columns in
      let indices = columns.dropFirst().map { DataColumn(index: $0) }
      return
        "\(table.file): several columns are named \(excerpt(name)), so only their order tells them "
        + "apart; rename them, or \(words.leavingOut(indices)) to leave out all but the first"
    }
  }
}
