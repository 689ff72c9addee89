import NeuralNetworks
import Reports
import Runs
import Storage
import Studies
import Synchronization
import TestSupport

/// A small study with its data in a folder of its own, run through `StudySession`.
package final class StudyFixture: Sendable {
  package let folder: TemporaryFolder

  /// A 5-7-6-3 network, two seeds, three ways to prune, two ratios: 18 cells.
  package static let text = """
    version: 1
    name: small
    seed: 7
    data: {csv: data.csv, task: classification, split: {test: 0.3}, scale: standard}
    model: {hidden: [7, 6], activation: prelu}
    training: {batch: 16, optimizer: {adam: {learning_rate: 0.01}}}
    train: {epochs: 3}
    finetune: {epochs: 2}
    seeds: 2
    ratios: [0.4, 0.8]
    criteria: [{criterion: ec, metric: output}, magnitude, random]
    baselines: [unpruned, narrower]
    quick: {seeds: 1, ratios: [0.5]}
    """

  package init(_ study: String = text) throws {
    folder = try TemporaryFolder()
    try write(study)
    try folder.write(RunFixture.table(seed: 1), to: "data.csv")
  }

  package func write(_ study: String) throws { try folder.write(study, to: "s.yaml") }

  /// Decodes a study.
  package static func settings(_ text: String, quick: Bool = false) throws -> StudySettings {
    try StudySettings(
      Array(text.utf8), file: "s.yaml", quick: quick, environment: { _ in nil })
  }

  /// Runs the study; `stopAfter` is the number of cells behind which somebody asks to stop.
  package func run(
    threads: Int = 1, stopAfter: Int = .max,
    _ change: (inout StudySession.Options) -> Void = { _ in }
  ) throws -> (outcome: StudySession.Outcome, warnings: [String]) {
    var options = StudySession.Options(
      checkpoints: folder.file("runs"), threads: threads, surroundings: .still,
      continueCommand: "go on")
    change(&options)
    let warnings = Mutex<[String]>([])
    let cells = Atomic(0)
    let outcome = try StudySession(path: folder.file("s.yaml"), options: options).run(
      events: { event in
        if case .notice(let notice) = event { warnings.withLock { $0.append(notice.text) } }
        if case .cellMeasured = event { cells.add(1, ordering: .relaxed) }
      }, isInterrupted: { cells.load(ordering: .relaxed) >= stopAfter },
      page: { StudyPage(name: $0, settings: $1, table: $2, guesses: $3).html })
    return (outcome, warnings.withLock { $0 })
  }
}

extension StudyFixture {
  /// The dense network of seed 1, as the study has left it, and the data that it is measured on.
  package func denseNetwork() throws -> (model: ModelState, data: RunData) {
    try folder.write(
      """
      version: 1
      name: run
      seed: 7
      data: {csv: data.csv, task: classification, split: {test: 0.3}, scale: standard}
      model: {hidden: [7, 6], activation: prelu}
      training: {batch: 16, optimizer: {adam: {learning_rate: 0.01}}}
      stages: [train: {epochs: 3}, evaluate: {part: test}]
      """, to: "run.yaml")
    let name = FilePaths.entries(of: folder.file("runs/small")).first {
      $0.hasPrefix("dense-1-5-7-6-3-seed-1-")
    }
    let model = try StoredModel(path: folder.file("runs/small/" + (name ?? "")))
    let session = try RunSession(
      schedulePath: folder.file("run.yaml"),
      options: RunSession.Options(
        checkpoints: folder.file("runs"), surroundings: .still, continueCommand: ""))
    return (model.state, try session.planAndData().data)
  }
}

extension StudyTable {
  /// The rows without times.
  package var untimed: [Row] {
    rows.map { row in
      var result = row.result
      result.seconds = 0
      return Row(identity: row.identity, result: result)
    }
  }
}
