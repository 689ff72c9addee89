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
  package func findings(_ tonight: DataProfile, against champion: DataProfile?) -> [String] {
    var found: [String] = []
    if tonight.rows < settings.minRows {
      found.append("\(tonight.rows) rows to train on, guard.min_rows is \(settings.minRows)")
    }
    guard let champion else { return found }
    if let most = settings.rowsDrop,
      Double(tonight.rows) < (1 - most) * Double(champion.rows)
    {
      found.append(
        "\(tonight.rows) rows to train on, \(champion.rows) when the champion was made: fewer by more than "
          + "guard.rows_drop, \(most)")
    }
    found += classFindings(tonight, champion)
    return found + drifts(tonight, champion)
  }

  private func classFindings(_ tonight: DataProfile, _ champion: DataProfile) -> [String] {
    let new = tonight.classes.filter { !champion.classes.contains($0) }
    let gone = champion.classes.filter { name in
      guard let place = tonight.classes.firstIndex(of: name) else { return true }
      return tonight.classCounts[place] == 0
    }
    var found: [String] = []
    if !new.isEmpty {
      found.append("the class \(list(new)) is new; the champion cannot say it")
    }
    if !gone.isEmpty { found.append("there is no row of the class \(list(gone)) any more") }
    if found.isEmpty, champion.classes.count > 1, tonight.classes == champion.classes {
      let then = ColumnProfile(
        name: "", levels: champion.classes, counts: champion.classCounts + [0])
      let now = ColumnProfile(name: "", levels: tonight.classes, counts: tonight.classCounts + [0])
      if let drift = drift(now, then, "the shares of the classes", among: 1) {
        found.append(drift.text)
      }
    }
    return found
  }

  /// The columns that have drifted, the worst first.
  private func drifts(_ tonight: DataProfile, _ champion: DataProfile) -> [String] {
    let known = Dictionary(champion.columns.map { ($0.name, $0) }, uniquingKeysWith: { a, _ in a })
    let count = tonight.columns.count
    return tonight.columns.compactMap { column -> (index: Double, text: String)? in
      guard let then = known[column.name] else { return nil }
      return drift(column, then, "column \(column.name)", among: count)
    }.sorted { ($0.index, $1.text) > ($1.index, $0.text) }.map(\.text)
  }

  private func drift(
    _ now: ColumnProfile, _ then: ColumnProfile, _ what: String, among columns: Int
  ) -> (index: Double, text: String)? {
    guard let most = settings.psi, now.counts.count == then.counts.count, now.levels == then.levels
    else { return nil }
    let index = then.stabilityIndex(of: now)
    let chance = then.indexByChance(of: now, probability: Self.falseAlarms / Double(columns))
    guard index > most, index > chance else { return nil }
    return (
      index,
      "\(what): psi \(NumberText.significant(index, 3)), guard.psi is \(most); champion "
        + "\(Sparkline.text(then.shares, from: 0)), tonight \(Sparkline.text(now.shares, from: 0))"
    )
  }

  private func list(_ names: [String]) -> String {
    names.prefix(5).map(\.showingInvisible).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
  }
}
