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

/// Which columns of a table are those that an interface knows.
private struct ColumnMatching {
  /// The columns of the inputs and of the targets, each in the order of the network.
  struct Match {
    let inputs: [Int]
    let targets: [Int]
    var note: String?
  }

  private let table: CSVTable
  private let request: TableRequest
  private let interface: ModelInterface

  init(_ table: CSVTable, _ request: TableRequest, _ interface: ModelInterface) {
    self.table = table
    self.request = request
    self.interface = interface
  }

  private var owner: String { request.context.owner }
  private var wantsTargets: Bool { request.task != nil }

  func match() throws(DatasetError) -> Match {
    var labels = request.labels
    if labels.isEmpty, interface.targets.isEmpty { labels = [.last] }
    let targets = wantsTargets ? ordered(try table.indices(of: labels)) : []
    let ignored = try table.indices(matching: request.columns.ignored, besides: targets)
    var isFree = [Bool](repeating: true, count: table.columns)
    for column in targets + ignored { isFree[column] = false }
    let free = isFree.indices.filter { isFree[$0] }
    if let names = table.names, interface.inputs.allSatisfy({ $0.name != nil }) {
      return try byName(names, free, targets)
    }
    return try inOrder(free, targets)
  }

  /// The label columns at `stated`, in the model's order where they are the model's by name.
  private func ordered(_ stated: [Int]) -> [Int] {
    guard let names = table.names else { return stated }
    let own = interface.targets.compactMap { target in
      stated.first { names[$0] == target.name }
    }
    return own.count == stated.count && Set(own).count == own.count ? own : stated
  }

  // MARK: By name

  private func byName(
    _ names: [String], _ free: [Int], _ stated: [Int]
  ) throws(DatasetError) -> Match {
    // Of columns with the same name, the first is the first of that name in the model.
    var places: [String: [Int]] = [:]
    for column in free.reversed() { places[names[column], default: []].append(column) }
    func take(_ name: String?) -> Int? {
      guard let name, let column = places[name]?.popLast() else { return nil }
      return column
    }
    var missing: [String] = []
    var inputs: [Int] = []
    for input in interface.inputs {
      if let column = take(input.name) {
        inputs.append(column)
      } else {
        missing.append(input.name ?? "")
      }
    }
    var targets: [Int] = []
    for target in interface.targets {
      let column = take(target.name)
      if let column { targets.append(column) }
      if column == nil, wantsTargets, stated.isEmpty { missing.append(target.name ?? "") }
    }
    for column in interface.table?.ignored ?? [] { _ = take(column.name) }
    let new = places.values.joined().sorted()
    guard missing.isEmpty, new.isEmpty else { throw misfit(missing, new.map(table.column)) }
    return Match(inputs: inputs, targets: stated.isEmpty ? targets : stated)
  }

  private func misfit(_ missing: [String], _ new: [DataColumn]) -> DatasetError {
    let words = request.context.words
    var parts: [String] = []
    if !missing.isEmpty {
      parts.append(
        (missing.count == 1 ? "there is no column " : "there are no columns ")
          + "\(excerpts(missing)), which \(owner) has; rename or add "
          + (missing.count == 1 ? "it" : "them"))
    }
    if !new.isEmpty {
      let named = new.prefix(8).map(\.description).joined(separator: ", ")
      let more = new.count > 8 ? " and \(new.count - 8) more" : ""
      parts.append(
        "\(named)\(more) \(new.count == 1 ? "is none" : "are none") that \(owner) has; write "
          + "\(words.ignoring(Array(new.prefix(8)))) to leave \(new.count == 1 ? "it" : "them") out"
      )
    }
    return .at(table.file, parts.joined(separator: "; and "))
  }

  // MARK: In order

  private func inOrder(_ free: [Int], _ stated: [Int]) throws(DatasetError) -> Match {
    let layouts = layouts(isStated: !stated.isEmpty)
    guard let layout = layouts.first(where: { $0.count == free.count }) else {
      throw .at(
        table.file,
        "there are \(free.count) columns, and \(owner) has \(counts); columns are told by their order "
          + "here, so leave out those that are none of them (\(request.context.words.ignoringForm))"
      )
    }
    var inputs = [Int](repeating: 0, count: interface.inputs.count)
    var targets = [Int](repeating: 0, count: interface.targets.count)
    var hasTargets = false
    for (column, place) in zip(free, layout) {
      switch place {
      case .input(let i): inputs[i] = column
      case .target(let i):
        if i < targets.count { targets[i] = column } else { targets = [column] }
        hasTargets = true
      case .ignored: break
      }
    }
    let isOneSided = (table.names == nil) != (interface.inputNames == nil)
    let side = table.names == nil ? "this file has" : "\(owner) knows"
    return Match(
      inputs: inputs, targets: stated.isEmpty && hasTargets ? targets : stated,
      note: isOneSided ? "\(side) no names of columns, so they are taken in order" : nil)
  }

  private enum Place {
    case input(Int)
    case target(Int)
    case ignored
  }

  /// The orders that columns can have, the likeliest first.
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
    let withTargets = [sorted(inputs + targets + ignored), sorted(inputs + targets)]
    let without = [sorted(inputs), sorted(inputs + ignored)]
    if wantsTargets { return isStated ? without : withTargets }
    return without + withTargets
  }

  private var counts: String {
    func text(_ count: Int, _ one: String, _ several: String) -> String {
      "\(count) \(count == 1 ? one : several)"
    }
    let ignored = interface.table?.ignored.count ?? 0
    var parts = [text(interface.inputs.count, "input", "inputs")]
    parts.append(text(interface.targets.count, "target", "targets"))
    if ignored > 0 { parts.append("\(ignored) left out") }
    return parts.joined(separator: ", ")
  }
}

extension SettingWords {
  /// What leaves some column out.
  fileprivate var ignoringForm: String {
    switch self {
    case .schedule: "ignore: [COLUMN]"
    case .command: "--ignore COLUMN"
    }
  }
}
