import NeuralNetworks
import Storage

/// Columns that have no names on one side, or on both.
extension ColumnMatching {
  /// What a column is.
  enum Place {
    case input(Int)
    case target(Int)
    case ignored
  }

  /// Matches the columns `free` in order, where their number fits one order alone.
  /// - Throws: `DatasetError`, saying what to write.
  func inOrder(_ free: [Int], _ stated: [Int]) throws(DatasetError) -> Match {
    let layouts = layouts(isStated: !stated.isEmpty)
    guard let layout = layouts.first(where: { $0.count == free.count }) else {
      throw misfit(columns: free.count, isStated: !stated.isEmpty)
    }
    var inputs = [Int](repeating: 0, count: interface.inputs.count)
    var targets = [Int](repeating: 0, count: interface.targets.count)
    var isInput = [Bool](repeating: false, count: table.columns)
    var hasTargets = false
    for (column, place) in zip(free, layout) {
      switch place {
      case .input(let i):
        inputs[i] = column
        isInput[column] = true
      case .target(let i):
        if i < targets.count { targets[i] = column } else { targets = [column] }
        hasTargets = true
      case .ignored: break
      }
    }
    let isNameless = table.names == nil || table.hasCountedNames
    let isOneSided = isNameless != (interface.inputNames == nil)
    let side = isNameless ? "this file has" : "\(owner) knows"
    let found = stated.isEmpty && hasTargets ? targets : stated
    let taken = taken(isInput.indices.filter { isInput[$0] }, wantsTargets ? found : [])
    let isAll = inputs.count + (wantsTargets ? found.count : 0) == table.columns
    return Match(
      inputs: inputs, targets: found,
      note: isOneSided
        ? "\(side) no names of columns, so they are taken in order: \(taken)"
        : isAll ? nil : "columns are taken in order: \(taken)")
  }

  /// Which columns are what, counted from 0.
  private func taken(_ inputs: [Int], _ targets: [Int]) -> String {
    let first = "\(Self.listed(inputs)) \(inputs.count == 1 ? "is the input" : "are the inputs")"
    guard !targets.isEmpty else { return first + " (counted from 0)" }
    let second = "\(Self.listed(targets)) the \(targets.count == 1 ? "label" : "labels")"
    return "\(first), \(second) (counted from 0)"
  }

  private static func listed(_ columns: [Int]) -> String {
    if columns.count == 1 { return "column \(columns[0])" }
    if columns.last! - columns[0] == columns.count - 1, columns == columns.sorted() {
      return "columns \(columns[0]) to \(columns.last!)"
    }
    let more = columns.count > 8 ? " and \(columns.count - 8) more" : ""
    return "columns \(columns.prefix(8).map(String.init).joined(separator: ", "))\(more)"
  }

  /// The orders that columns can have, each of another number of columns.
  ///
  /// Where there are no targets, a column more than the inputs can be one that was left out as well as a
  /// target, so only the inputs alone and all columns fit.
  private func layouts(isStated: Bool) -> [[Place]] {
    func sorted(_ places: [(Int, Place)]) -> [Place] {
      places.sorted { $0.0 < $1.0 }.map(\.1)
    }
    let inputs = interface.inputs.enumerated().map { ($1.position, Place.input($0)) }
    guard let own = interface.table else {
      // The targets of arrays are files of their own; in a table they stand behind.
      let targets = (0..<max(1, interface.targets.count)).map { Place.target($0) }
      let plain = sorted(inputs)
      return wantsTargets && !isStated ? [plain + targets] : [plain, plain + targets]
    }
    let targets = interface.targets.enumerated().map { ($1.position, Place.target($0)) }
    let ignored = own.ignored.map { ($0.position, Place.ignored) }
    let all = sorted(inputs + targets + ignored)
    if wantsTargets {
      return isStated
        ? [sorted(inputs), sorted(inputs + ignored)] : [all, sorted(inputs + targets)]
    }
    return [sorted(inputs), all]
  }

  private func misfit(columns: Int, isStated: Bool) -> DatasetError {
    let words = request.context.words
    if wantsTargets, !isStated, columns == interface.inputs.count {
      return .at(
        table.file,
        "\(counted(columns, "column")), as many as \(owner) has inputs, so the label is missing; add it, or "
          + "write \(words.labelForm) and leave out what is no input")
    }
    let what =
      wantsTargets ? "are neither inputs nor labels" : "are no inputs, the label as well"
    return .at(
      table.file,
      "\(counted(columns, "column")), and \(owner) has \(counts); columns are told by their order here, so "
        + "leave out all that \(what) (\(words.ignoringForm))")
  }

  private var counts: String {
    let ignored = interface.table?.ignored.count ?? 0
    var parts = [counted(interface.inputs.count, "input")]
    parts.append(counted(interface.targets.count, "target"))
    if ignored > 0 { parts.append("\(ignored) left out") }
    return parts.joined(separator: ", ")
  }
}

extension SettingWords {
  /// What leaves some column out.
  var ignoringForm: String {
    switch self {
    case .schedule: "ignore: [COLUMN]"
    case .scheduleWithIgnored: "more columns in ignore"
    case .command: "--ignore COLUMN"
    }
  }

  /// What names the label.
  var labelForm: String {
    switch self {
    case .schedule, .scheduleWithIgnored: "label: NAME"
    case .command: "--label NAME"
    }
  }
}
