import Runs
import Schedules
import Storage

/// What is wrong with tonight's rows, against what the champion was trained on. Pure: what to do about it
/// is decided elsewhere.
package struct DataGuard: Sendable {
  /// The share of nights on which chance alone may raise a drift alarm, all columns together.
  static let falseAlarms = 0.001

  private let settings: DataGuardSettings

  package init(_ settings: DataGuardSettings) { self.settings = settings }

  /// What is wrong, a sentence each; the worst column first.
  ///
  /// - Parameters:
  ///   - tonight: its columns in the bins of `champion`'s.
  ///   - champion: of the network in service; nil where there is none.
  ///   - tally: of tonight's rows; nil where nobody has counted them.
  package func findings(
    _ tonight: DataProfile, against champion: DataProfile?, tally: RowTally? = nil
  ) -> [String] {
    var found: [String] = []
    if tonight.rows < settings.minRows {
      found.append(
        "\(counted(tonight.rows, "row")) to train on, guard.min_rows is \(settings.minRows)")
    }
    found += tally.map(findings) ?? []
    guard let champion else { return found }
    if let most = settings.rowsDrop,
      Double(tonight.rows) < (1 - most) * Double(champion.rows)
    {
      found.append(
        "\(tonight.rows) rows to train on, \(champion.rows) when the champion was made: fewer by more than "
          + "guard.rows_drop, \(most)")
    }
    found += classFindings(tonight, champion) + rangeFindings(tonight, champion)
    guard let most = settings.psi else { return found }
    return found
      + Self.drifts(tonight, since: champion).filter { $0.exceeds(most) }
      .map { $0.text(Self.column($0.column), most: most) }
  }

  /// How far each column has moved, the farthest first: those that both have, in the same bins.
  package static func drifts(_ tonight: DataProfile, since champion: DataProfile) -> [ColumnDrift] {
    let known = champion.columnsByName
    let alarms = falseAlarms / Double(max(1, tonight.columns.count))
    return tonight.columns.compactMap { column in
      guard let then = known[column.name] else { return nil }
      if then.isComparable(to: column) {
        return ColumnDrift(column, since: then, alarms: alarms)
      }
      guard let (before, after) = then.together(with: column) else { return nil }
      return ColumnDrift(after, since: before, alarms: alarms)
    }.sorted { ($0.index, $1.column) > ($1.index, $0.column) }
  }

  /// The column called `name`; one without a name is called by its place already, `column 39`.
  private static func column(_ name: String) -> String {
    name.hasPrefix("column ") ? name : "column \(name)"
  }

  /// The columns that have values far beyond those that the champion knows.
  private func rangeFindings(_ tonight: DataProfile, _ champion: DataProfile) -> [String] {
    guard let most = settings.range else { return [] }
    let known = champion.columnsByName
    return tonight.columns.compactMap { column in
      guard let now = column.range, let then = known[column.name]?.range else { return nil }
      let room = most * (then.upperBound - then.lowerBound)
      let far = [
        now.lowerBound < then.lowerBound - room ? now.lowerBound : nil,
        now.upperBound > then.upperBound + room ? now.upperBound : nil,
      ].compactMap { $0 }
      guard !far.isEmpty else { return nil }
      func text(_ value: Double) -> String { NumberText.significant(value, 4) }
      return
        "\(Self.column(column.name)): \(far.map(text).joined(separator: " and ")) where the champion knows "
        + "\(text(then.lowerBound)) to \(text(then.upperBound)), guard.range is \(most)"
    }
  }

  private func findings(_ tally: RowTally) -> [String] {
    var found: [String] = []
    if let most = settings.duplicates, Double(tally.copies) > most * Double(tally.rows) {
      found.append(
        "\(tally.copies) of \(tally.rows) rows are copies of others among them, guard.duplicates is \(most)"
      )
    }
    if let new = tally.new, new < settings.minNewRows {
      found.append(
        "\(new) of \(tally.rows) rows are new since \(tally.since ?? ""), guard.min_new_rows is "
          + "\(settings.minNewRows)")
    }
    return found
  }

  private func classFindings(_ tonight: DataProfile, _ champion: DataProfile) -> [String] {
    let new = tonight.classes.filter { !champion.classes.contains($0) }
    let gone = champion.classes.filter { name in
      guard let place = tonight.classes.firstIndex(of: name) else { return true }
      return tonight.classCounts[place] == 0
    }
    var found: [String] = []
    if !new.isEmpty {
      found.append("the class \(list(new)) is new; the network in service does not know it")
    }
    if !gone.isEmpty { found.append("there is no row of the class \(list(gone)) any more") }
    if found.isEmpty, champion.classes.count > 1, tonight.classes == champion.classes {
      let then = ColumnProfile(
        name: "", levels: champion.classes, counts: champion.classCounts + [0])
      let now = ColumnProfile(name: "", levels: tonight.classes, counts: tonight.classCounts + [0])
      let drift = ColumnDrift(now, since: then, alarms: Self.falseAlarms)
      if let most = settings.psi, drift.exceeds(most) {
        found.append(drift.text("the shares of the classes", most: most))
      }
    }
    return found
  }

  private func list(_ names: [String]) -> String {
    names.prefix(5).map(\.showingInvisible).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
  }
}
