import NeuralNetworks
import Storage

/// Which columns of a table are those that an interface knows.
struct ColumnMatching {
  /// The columns of the inputs and of the targets, each in the order of the network.
  struct Match {
    let inputs: [Int]
    let targets: [Int]
    var note: String?
  }

  let table: CSVTable
  let request: TableRequest
  let interface: ModelInterface

  /// Columns of `table`, for `request`.
  init(_ table: CSVTable, _ request: TableRequest, _ interface: ModelInterface) {
    self.table = table
    self.request = request
    self.interface = interface
  }

  /// Whose the columns are.
  var owner: String { request.context.owner }
  /// Whether targets are read.
  var wantsTargets: Bool { request.task != nil }

  /// - Throws: `DatasetError`, naming columns that are missing or new.
  func match() throws(DatasetError) -> Match {
    var labels = request.labels
    if labels.isEmpty, interface.targets.isEmpty { labels = [.last] }
    let targets = wantsTargets ? ordered(try table.indices(of: labels, for: .labels)) : []
    let ignored = try table.indices(
      matching: request.columns.ignored, besides: targets, for: .ignored)
    var isFree = [Bool](repeating: true, count: table.columns)
    for column in targets + ignored { isFree[column] = false }
    let free = isFree.indices.filter { isFree[$0] }
    if let names = table.names, !table.hasCountedNames,
      interface.inputs.allSatisfy({ $0.name != nil })
    {
      return try byName(names, free, targets, ignored: Set(ignored.map { names[$0] }))
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
    _ names: [String], _ free: [Int], _ stated: [Int], ignored: Set<String>
  ) throws(DatasetError) -> Match {
    var places: [String: [Int]] = [:]
    for column in free { places[names[column], default: []].append(column) }
    let own = Places(
      interface, wantsTargets: wantsTargets && stated.isEmpty, hasTargets: wantsTargets)
    var inputs = [Int?](repeating: nil, count: interface.inputs.count)
    var targets = [Int?](repeating: nil, count: interface.targets.count)
    var leftOut: [Int] = []
    for (name, holders) in own.byName {
      guard let columns = places.removeValue(forKey: name) else { continue }
      guard let found = own.told(holders, columns.count) else {
        throw .at(
          table.file,
          "\(counted(columns.count, "column is", "columns are")) named \(excerpt(name)), and "
            + "\(owner) has \(holders.count) of that name, so they cannot be told apart; rename them, or leave out those that are none of them "
            + "(\(request.context.words.ignoringForm))")
      }
      for (column, place) in zip(columns, found) {
        switch place {
        case .input(let i): inputs[i] = column
        case .target(let i): targets[i] = column
        case .ignored: leftOut.append(column)
        }
      }
    }
    let missing = zip(interface.inputs, inputs).filter { $1 == nil }.map { $0.0.name ?? "" }
    let unlabelled =
      wantsTargets && stated.isEmpty
      ? zip(interface.targets, targets).filter { $1 == nil }.map { $0.0.name ?? "" } : []
    let new = places.values.joined().sorted().map(table.column)
    guard missing.isEmpty, new.isEmpty, unlabelled.isEmpty else {
      throw misfit(missing, unlabelled, new, ignored: ignored)
    }
    return Match(
      inputs: inputs.compactMap(\.self),
      targets: stated.isEmpty ? targets.compactMap(\.self) : stated, note: note(leftOut))
  }

  /// What is said of `columns`, which the owner leaves out and the request does not; nil where nothing is.
  private func note(_ columns: [Int]) -> String? {
    guard request.context.tellsLeftOut, !columns.isEmpty else { return nil }
    let named = columns.sorted().map(table.column)
    return
      "\(named.map(\.description).joined(separator: ", ")) \(named.count == 1 ? "is" : "are") left out, because "
      + "\(owner) was trained without; to use \(named.count == 1 ? "it" : "them") train a new network (every night: start: cold); "
      + "if this is meant, \(request.context.words.leavingOut(named))"
  }

  private func misfit(
    _ needed: [String], _ unlabelled: [String], _ new: [DataColumn], ignored: Set<String>
  ) -> DatasetError {
    let words = request.context.words
    var parts: [String] = []
    let unread = needed.filter(ignored.contains)
    let missing = needed.filter { !ignored.contains($0) }
    if !unread.isEmpty {
      let one = unread.count == 1
      parts.append(
        "\(owner) has the \(one ? "input" : "inputs") \(excerpts(unread)), which "
          + (words.isOfSchedule
            ? "ignore leaves out; take \(one ? "it" : "them") out of that list, or train a new network without "
              + "(every night: start: cold)"
            : "--ignore leaves out; do not name \(one ? "it" : "them") there"))
    }
    if !unlabelled.isEmpty {
      let one = unlabelled.count == 1
      parts.append(
        (one ? "there is no column " : "there are no columns ")
          + "\(excerpts(unlabelled)), the \(one ? "label" : "labels") that \(owner) has; add "
          + "\(one ? "it" : "them"), or write \(words.labelForm) if "
          + (one ? "another column holds it" : "other columns hold them"))
    }
    if !missing.isEmpty {
      parts.append(
        (missing.count == 1 ? "there is no column " : "there are no columns ")
          + "\(excerpts(missing)), which \(owner) has; rename or add "
          + (missing.count == 1 ? "it" : "them"))
    }
    // What is new beside a missing label may be that label.
    if !new.isEmpty, unlabelled.count != new.count || !missing.isEmpty {
      let named = new.prefix(8).map(\.description).joined(separator: ", ")
      let more = new.count > 8 ? " and \(new.count - 8) more" : ""
      parts.append(
        "\(named)\(more) \(new.count == 1 ? "is none" : "are none") that \(owner) has; "
          + "\(words.leavingOut(Array(new.prefix(8)))) to leave \(new.count == 1 ? "it" : "them") out"
      )
    }
    let alike = (missing + unlabelled).compactMap { name in
      new.first { $0.name?.asRead == name.asRead }.map { (name, $0) }
    }
    if let (name, column) = alike.first {
      parts.append(
        "\(column) reads like \(excerpt(name)); \(Self.difference(name, column.name ?? ""))")
    }
    return .at(table.file, parts.joined(separator: "; and "))
  }

  /// In what two names that read alike differ.
  private static func difference(_ left: String, _ right: String) -> String {
    left.lowercased() == right.lowercased()
      ? "they differ in capitals" : "they differ in blanks or in characters that nobody sees"
  }
}

/// What the columns of an interface are, by their names.
private struct Places {
  /// In the order in which the columns stood.
  private(set) var byName: [String: [ColumnMatching.Place]] = [:]
  private let wantsTargets: Bool
  private let hasTargets: Bool

  /// - Parameters:
  ///   - wantsTargets: whether the interface's targets are wanted.
  ///   - hasTargets: whether any are.
  init(_ interface: ModelInterface, wantsTargets: Bool, hasTargets: Bool) {
    self.hasTargets = hasTargets
    self.wantsTargets = wantsTargets
    let inputs = interface.inputs.enumerated()
      .map { ($1.position, $1.name, ColumnMatching.Place.input($0)) }
    let targets = interface.targets.enumerated()
      .map { ($1.position, $1.name, ColumnMatching.Place.target($0)) }
    let ignored = (interface.table?.ignored ?? []).map {
      ($0.position, $0.name, ColumnMatching.Place.ignored)
    }
    for (_, name, place) in (inputs + targets + ignored).sorted(by: { $0.0 < $1.0 }) {
      if let name { byName[name, default: []].append(place) }
    }
  }

  /// What `count` columns of one name are, of which the interface has `holders`: all of them, or those
  /// that are needed; nil where that cannot be told.
  func told(_ holders: [ColumnMatching.Place], _ count: Int) -> [ColumnMatching.Place]? {
    if holders.count == count { return holders }
    let needed = holders.filter { place in
      switch place {
      case .input: true
      case .target: wantsTargets
      case .ignored: false
      }
    }
    // Where no targets are wanted, they can be there all the same.
    let isInputOrTarget = !hasTargets && needed.count < holders.count(where: { $0.kind != 2 })
    if needed.count == count, !isInputOrTarget { return needed }
    guard count < holders.count else { return nil }
    // What is not there is said later.
    let isOneKind = Set(holders.map(\.kind)).count == 1
    return needed.isEmpty || isOneKind ? Array(holders.prefix(count)) : nil
  }
}

extension ColumnMatching.Place {
  /// Which of its kinds it is.
  fileprivate var kind: Int {
    switch self {
    case .input: 0
    case .target: 1
    case .ignored: 2
    }
  }
}
