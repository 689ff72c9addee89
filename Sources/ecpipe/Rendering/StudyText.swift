import Reports
import Storage
import Studies

/// What is said of a study that lies in its folder, or is to be computed.
package enum StudyText {
  /// Most cells, and most failures, that have a line of their own.
  private static let mostLines = 20

  // MARK: Status

  /// The lines for `status`.
  ///
  /// - Parameter width: cells that a line of a table may have; nil for as many as it takes.
  package static func lines(
    of status: StudyStatus, in folder: StudyFolder, width: Int? = nil
  ) -> [String] {
    let name = status.record.name
    let what = status.message.map { "failed: \($0)" } ?? status.summary
    var lines = ["\(name): \(what)", ""]
    lines += table(of: status).lines(width: width) + [""]
    if !status.record.dense.isEmpty {
      lines.append(
        "dense networks: \(Figures.grouped(status.trained)) of "
          + "\(Figures.grouped(status.record.dense.count)) trained")
    }
    lines += listed(status.training + names(status, .running), title: "at work on")
    lines += listed(
      status.message == nil ? [] : status.history.failed.map(\.text), title: "failed")
    let isDone = status.count(.done) == status.states.count
    if isDone { lines += outputs(status.record, in: folder) }
    switch status.fileState {
    case .changed:
      lines.append(
        "\(status.record.path) has changed since; ecpipe compare measures what has changed")
    case .gone:
      lines.append(
        "\(status.record.path) is not there any more; a copy of the study is \(folder.study)")
    case .same: break
    }
    if !isDone, !status.isRunning, status.fileState != .gone {
      lines.append("go on with: \(command(status.record, in: folder))")
    }
    return lines
  }

  /// The command that goes on with a study.
  package static func command(_ record: StudyRecord, in folder: StudyFolder) -> String {
    let words =
      ["ecpipe", "compare", record.path] + (record.isQuick ? ["--quick"] : [])
      + (folder.workerNames.isEmpty ? [] : ["--worker"])
      + (folder.checkpoints == "checkpoints" ? [] : ["--checkpoints", folder.checkpoints])
    return words.map(ShellWord.quoted).joined(separator: " ")
  }

  private static func outputs(_ record: StudyRecord, in folder: StudyFolder) -> [String] {
    let titles = [folder.layout.results: "results", folder.layout.report: "report"]
    return record.outputs.map { "\(titles[$0.file] ?? $0.file): \(folder.file($0.file))" }
  }

  private static func names(_ status: StudyStatus, _ state: StudyStatus.State) -> [String] {
    zip(status.record.cells, status.states).filter { $1 == state }.map { $0.0.identity.text }
  }

  private static func listed(_ names: [String], title: String) -> [String] {
    if names.isEmpty { return [] }
    let more = names.count - mostLines
    return ["\(title):"] + names.prefix(mostLines).map { "  \($0)" }
      + (more > 0 ? ["  and \(Figures.grouped(more)) more"] : [])
  }

  /// A row for each way to prune, or baseline, of each network, with its cells by state.
  private static func table(of status: StudyStatus) -> TextTable {
    let states = StudyStatus.State.allCases.filter { $0 == .done || status.count($0) > 0 }
    var table = TextTable(
      [("network", .left), ("method", .left), ("cells", .right)]
        + states.map { ($0.rawValue, .right) })
    var rows: [(network: String, method: String, states: [StudyStatus.State])] = []
    for (cell, state) in zip(status.record.cells, status.states) {
      let network = "\(cell.identity.dataset) \(cell.identity.model)"
      let method = status.record.outline.title(of: cell.identity)
      if let row = rows.firstIndex(where: { $0.network == network && $0.method == method }) {
        rows[row].states.append(state)
      } else {
        rows.append((network, method, [state]))
      }
    }
    for row in rows {
      table.add(
        [row.network, row.method, Figures.grouped(row.states.count)]
          + states.map { state in Figures.grouped(row.states.count { $0 == state }) })
    }
    return table
  }

  // MARK: Show

  /// The lines for `show`: what is compared, and the results so far.
  package static func lines(
    of record: StudyRecord, _ table: StudyTable, in folder: StudyFolder, width: Int? = nil
  ) -> [String] {
    let outline = record.outline
    let (count, all) = (table.rows.count, record.cells.count)
    func words(_ of: (StudyCellIdentity) -> String) -> String {
      unique(record.cells.map { of($0.identity) }).joined(separator: ", ")
    }
    let head = [
      "\(folder.path): a study" + (record.isQuick ? " in its quick form" : ""),
      "data      " + words(\.dataset),
      "networks  " + words(\.model),
    ]
    let rest =
      [
        "cells     \(Figures.grouped(count)) of \(Figures.grouped(all)) measured"
      ] + FindingsText.lines(of: outline, table, width: width)
      + [""]
      + (count < all
        ? ["not all is measured; go on with: \(command(record, in: folder))"]
        : outputs(record, in: folder))
    if outline.kind != .pruning {
      let dense = outline.trainEpochs.map { ["training  \(Figures.count($0, "epoch"))"] } ?? []
      return head + dense
        + ["seeds     \(Figures.grouped(outline.seeds.count)): \(seeds(outline.seeds))"]
        + outline.lines.map { line in
          line.title + blanks(max(1, 10 - line.title.count)) + line.text
        } + rest
    }
    var lines =
      head + [
        "training  \(training(outline)), loss \(outline.loss)",
        "seeds     \(Figures.grouped(outline.seeds.count)): \(seeds(outline.seeds))",
        "ratios    \(ratios(record))",
        "methods   " + outline.methods.map(\.title).joined(separator: "; "),
      ]
    if !outline.baselines.isEmpty {
      lines.append("baselines " + outline.baselines.map(\.rawValue).joined(separator: ", "))
    }
    return lines + rest
  }

  private static func training(_ outline: StudyOutline) -> String {
    let dense =
      outline.trainEpochs.map { Figures.count($0, "epoch") } ?? "dense networks as they are given"
    let tuning = outline.finetuneEpochs.map {
      "\(Figures.count($0, "epoch")) after pruning"
        + (outline.rounds > 1 ? " in each of \(Figures.count(outline.rounds, "round"))" : "")
    }
    return "\(dense), \(tuning ?? "none after pruning")"
  }

  private static func seeds(_ seeds: [UInt64]) -> String {
    guard seeds.count > 8 else { return seeds.map { "\($0)" }.joined(separator: ", ") }
    return seeds.prefix(6).map { "\($0)" }.joined(separator: ", ")
      + ", …, \(seeds[seeds.count - 1])"
  }

  private static func ratios(_ record: StudyRecord) -> String {
    let pruned = record.cells.filter { $0.identity.criterion != StudyBaseline.unpruned.rawValue }
    return unique(pruned.map { "\($0.identity.ratio)" }).joined(separator: ", ")
  }

  private static func unique(_ words: [String]) -> [String] {
    var seen: Set<String> = []
    return words.filter { seen.insert($0).inserted }
  }

  // MARK: Plan

  /// The lines for `plan`: a row for what all seeds have in common.
  package static func lines(of plan: StudyPlan, width: Int? = nil) -> [String] {
    let outline = plan.settings.outline
    let isPruning = outline.kind == .pruning
    let weights = outline.kind.experiment?.plansAtMost == true ? "weights, at most" : "weights"
    var table = TextTable(
      [("network", .left), (isPruning ? "method" : "cell", .left)]
        + (isPruning ? [("removed", .right)] : []) + [(weights, .right), ("cells", .right)])
    var rows: [(cells: [String], count: Int)] = []
    for cell in plan.cells {
      let own = cell.identity
      let network = "\(own.dataset) \(own.model)"
      let cells =
        (isPruning ? [network, outline.title(of: own), "\(own.ratio)"] : [network, own.ownText])
        + [Figures.grouped(cell.weights)]
      if let last = rows.indices.last, rows[last].cells == cells {
        rows[last].count += 1
      } else {
        rows.append((cells, 1))
      }
    }
    for row in rows { table.add(row.cells + [Figures.grouped(row.count)]) }
    return ["\(plan.settings.name): \(scale(plan))", ""] + table.lines(width: width)
  }

  /// How large a study is.
  package static func scale(_ plan: StudyPlan) -> String {
    let trained = plan.groups.count(where: \.trainsDense)
    let dense = trained == 0 ? "" : ", \(Figures.count(trained, "dense network")) to train first"
    return Figures.count(plan.cells.count, "cell") + dense
  }
}

extension StudyOutline {
  /// What `identity`'s cells are called in tables.
  fileprivate func title(of identity: StudyCellIdentity) -> String {
    if kind != .pruning { return identity.columns.first?.text ?? kind.rawValue }
    return methods.first {
      $0.criterion == identity.criterion && $0.metric == identity.metric
        && $0.compensation == identity.compensation && $0.budget == identity.budget
    }?.title ?? identity.criterion
  }
}
