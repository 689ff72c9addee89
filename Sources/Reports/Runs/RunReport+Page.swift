import Runs
import Storage

extension RunReport {
  /// Pages are made with fewer rows until they have no more bytes than this.
  static let mostBytes = 1_900_000

  /// The report as a page.
  var page: Page {
    let sections: [Page.Section?] = [
      VerdictSection(report: self).section, SparsitySection(report: self).section,
      RoundsSection(report: self).section, LayersSection(report: self).section,
      TrainingSection(report: self).section, CompensationSection(report: self).section,
      ClassesSection(report: self).section, TargetsSection(report: self).section,
      MasksSection(report: self).section, SizesSection(report: self).section,
      TimeSection(report: self).section, PlanSection(report: self).section,
      SearchSection(report: self).section, warnings, SettingsSection(report: self).section,
    ]
    return Page(
      title: "Run \(plan.name)", introduction: introduction, state: state,
      refreshSeconds: status.isRunning ? 3 : nil, sections: sections.compactMap { $0 },
      footer: "Written \(time) by ecpipe \(ProgramVersion.current), from \(folder.path). "
        + "The same numbers: report.json and report.csv beside this file.")
  }

  private var introduction: String {
    let widths = plan.architecture.widths.map(String.init).joined(separator: "-")
    let samples = NumberText.grouped(plan.facts.trainingSamples)
    return
      "A network \(widths), \(NumberText.grouped(weightCount)) weights, trained on \(samples) samples."
  }

  private var state: String? {
    let done = status.stages.count { !$0.isOpen }
    if status.summary == "done" { return nil }
    return "\(status.text) (\(done) of \(status.stages.count) stages are done, as of \(time))"
  }

  private var warnings: Page.Section? {
    guard !curves.warnings.isEmpty else { return nil }
    var table = PageTable(
      "warnings", "What the run has warned of, the last ones",
      [
        .init(title: "number", name: "number"),
        .init(title: "warning", name: "warning", isText: true),
      ])
    table.rows = curves.warnings.enumerated().map { [.count($0.offset + 1), .words($0.element)] }
    return Page.Section(id: "warnings", heading: "Warnings", blocks: [.table(table)])
  }

  /// The page, the numbers in it as JSON, and as CSV.
  package var files: ReportFiles {
    ReportFiles(
      page,
      head: [
        ("format", 1), ("kind", "run"), ("name", .string(plan.name)),
        ("status", .string(status.summary)), ("written", .string(time)),
        ("verdict", VerdictSection(report: self).json),
      ])
  }
}
