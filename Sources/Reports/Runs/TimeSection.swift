import Runs
import Storage

/// What each stage took.
struct TimeSection {
  let report: RunReport

  private static let mostBars = 30

  var section: Page.Section? {
    let all = report.finished
    guard !all.isEmpty else { return nil }
    let total = all.reduce(0) { $0 + $1.record.wallClockSeconds }
    var table = PageTable(
      "time", "Time of each stage",
      [
        .init(title: "stage", name: "stage", isText: true),
        .init(title: "kind", name: "kind", isText: true),
        .init(title: "seconds", name: "seconds"), .init(title: "share", name: "share"),
        .init(title: "finished", name: "finished_at", isText: true),
      ])
    table.rows = all.map { each in
      [
        .words(each.stage.name), .words(each.stage.kind.rawValue),
        .seconds(each.record.wallClockSeconds),
        .percent(total > 0 ? each.record.wallClockSeconds / total : 0, 1),
        .words(each.record.finishedAt),
      ]
    }
    var longest = all
    var rest: [RunReport.Finished] = []
    if all.count > Self.mostBars {
      let order = all.indices.sorted {
        let (one, other) = (all[$0].record.wallClockSeconds, all[$1].record.wallClockSeconds)
        return one == other ? $0 < $1 : one > other
      }
      let kept = Set(order.prefix(Self.mostBars))
      longest = all.indices.filter(kept.contains).map { all[$0] }
      rest = all.indices.filter { !kept.contains($0) }.map { all[$0] }
    }
    var bars = longest.map { bar($0.stage.name, $0.record.wallClockSeconds, kind: $0.stage.kind) }
    if !rest.isEmpty {
      let seconds = rest.reduce(0) { $0 + $1.record.wallClockSeconds }
      bars.append(bar("\(NumberText.grouped(rest.count)) others", seconds, kind: nil))
    }
    let chart = BarList(
      name: "time", title: "Seconds of each stage",
      summary: "All finished stages took \(NumberText.duration(total)) together.",
      xTitle: "seconds, over all interruptions", bars: bars)
    var kinds: [(kind: StageKind, title: String)] = []
    for each in all where !kinds.contains(where: { $0.kind == each.stage.kind }) {
      kinds.append((each.stage.kind, each.stage.kind.rawValue))
    }
    return Page.Section(
      id: "time", heading: "Time by stage",
      blocks: [
        .figures([
          Page.Figure(
            chart: chart,
            keys: kinds.map { Page.Key(title: $0.title, style: Self.style($0.kind)) },
            table: table, isWide: true)
        ])
      ])
  }

  private func bar(_ title: String, _ seconds: Double, kind: StageKind?) -> BarList.Bar {
    BarList.Bar(
      title: title, value: seconds, text: NumberText.duration(seconds),
      style: kind.map(Self.style) ?? ChartStyle(10))
  }

  private static func style(_ kind: StageKind) -> ChartStyle {
    ChartStyle(StageKind.all.firstIndex(of: kind) ?? 0)
  }
}
