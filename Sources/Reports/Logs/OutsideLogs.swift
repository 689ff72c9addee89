import NeuralNetworks
import Runs
import Schedules
import Storage

/// What a schedule's `log` asks for, as a sink of events.
///
/// A class, because it remembers what has been told. A run does not end because a log cannot be written: that
/// is said once.
package final class OutsideLogs {
  private let run: RunFolder
  private let board: TensorBoardLog?
  private let table: EpochTable?
  private let next: EventSink
  private var history = EpochHistory()
  private var began = ContinuousClock.now
  private var secondsBefore = 0.0
  private var hasFailed = false

  /// - Parameters:
  ///   - settings: of the schedule; nil where it asks for nothing.
  ///   - folder: the schedule's.
  ///   - next: gets every event first.
  package init(
    _ settings: LogSettings?, in folder: String, of run: RunFolder, next: @escaping EventSink
  ) {
    self.run = run
    self.next = next
    board = settings?.tensorBoard.map { text in
      var path = FilePaths.resolve(text.value, in: folder)
      while path.count > 1, path.hasSuffix("/") { path.removeLast() }
      return TensorBoardLog(folder: path + "/" + run.name)
    }
    table = settings?.csv.map { EpochTable(path: FilePaths.resolve($0.value, in: folder)) }
  }

  /// Takes an event before the run's own log has it.
  package func receive(_ event: PipelineEvent) {
    next(event)
    if board == nil, table == nil { return }
    do {
      switch event {
      case .runStarted(_, _, let toDo, _) where toDo > 0:
        history = EpochHistory(of: run)
        history.begin()
        // The run's own log has whole seconds, the table more of them.
        secondsBefore = history.rows.last.map { max($0.seconds, table?.lastSeconds ?? 0) } ?? 0
        began = .now
      case .epochFinished(let stage, let report, _): try add(stage.name, report)
      case .weightsPruned(_, let report):
        history.prune(to: report.remaining, of: report.layers.reduce(0) { $0 + $1.weights })
      case .stageFinished(_, let record): try add(record)
      default: break
      }
    } catch {
      if !hasFailed { next(.warning("the run goes on, but its log is not complete: \(error)")) }
      hasFailed = true
    }
  }

  private func add(_ stage: String, _ report: EpochReport) throws {
    let seconds = secondsBefore + (ContinuousClock.now - began) / .seconds(1)
    let goesBack = history.add(
      EpochHistory.Row(
        stage: stage, epoch: report.epoch, trainingLoss: report.trainingLoss,
        validation: report.validation, learningRate: report.learningRate, seconds: seconds))
    guard let row = history.rows.last else { return }
    try board?.add(row, step: history.rows.count, goesBack: goesBack)
    try table?.write(history.rows)
  }

  private func add(_ record: StageRecord) throws {
    history.end(record)
    guard let board else { return }
    let path = record.kind.changesModel ? record.file.map(run.file) : nil
    // One that tells its differences from another has no weights of its own.
    let network = path.flatMap { try? StoredModel(path: $0) }?.state.network
    try board.add(record, network, step: history.rows.count)
  }
}
