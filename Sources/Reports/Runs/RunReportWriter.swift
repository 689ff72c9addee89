import Runs
import Schedules
import Storage

/// Keeps the report of a run in its folder while the run goes on.
///
/// A class, because it remembers between events when it last wrote and what that took.
package final class RunReportWriter {
  /// The share of the run's time that writing may take.
  private static let share = 0.01
  /// Within a stage it is written no more often than this.
  private static let interval = Duration.seconds(10)
  private let folder: RunFolder
  private let plan: Plan
  private let image: ImageShape?
  private let surroundings: Surroundings
  private let warn: (String) -> Void
  /// Not the clock of the stages: proofs interrupt runs by its readings, one a step.
  private let clock = SuspendingClock()
  private var curves = RunCurves()
  /// When it was first and last written, what that took each time so far, and the last time.
  private var began: SuspendingClock.Instant?
  private var last: SuspendingClock.Instant?
  private var spent = Duration.zero
  private var took = Duration.zero
  private var hasWarned = false
  /// What the last report that was written says first; nil where none was.
  package private(set) var verdict: String?
  /// What the run had to do when it began; nil until it has, under its lock.
  private var toDo: Int?
  /// The file that the run's result was before.
  private let resultBefore: String?

  /// - Parameters:
  ///   - plan: of the run.
  ///   - image: the image that inputs are.
  ///   - warn: takes a sentence where a report cannot be written, once.
  package init(
    _ folder: RunFolder, plan: Plan, image: ImageShape?, surroundings: Surroundings,
    warn: @escaping (String) -> Void
  ) {
    self.folder = folder
    self.plan = plan
    self.image = image
    self.surroundings = surroundings
    self.warn = warn
    resultBefore = FilePaths.linkTarget(folder.result)
  }

  /// Writes the report anew where `event` has changed something and there is time; the log has the event by
  /// then.
  package func receive(_ event: PipelineEvent) {
    switch event {
    case .runStarted(_, _, let toDo, _):
      self.toDo = toDo
      if toDo > 0 { write(isRunning: true) }
    case .stageFinished, .trialTested, .searchFinished:
      if hasTime(at: clock.now) { write(isRunning: true) }
    case .epochFinished:
      let now = clock.now
      if let last, now - last < Self.interval { return }
      if hasTime(at: now) { write(isRunning: true) }
    default: break
    }
  }

  /// Whether all pages and another one as costly as the last take no more than their share of the time since the
  /// first.
  private func hasTime(at now: SuspendingClock.Instant) -> Bool {
    guard let began else { return true }
    return spent + took <= (now - began) * Self.share
  }

  /// Writes the report of a run that this process does not go on with; nothing where it did not begin, or had
  /// nothing to do, unless the report is one of a run that goes on or of another result: settings as they were
  /// before the last call need no computing, and make an older model the result again.
  ///
  /// - Parameter sizes: what the result takes, where that is known.
  package func finish(sizes: ModelSizes? = nil) {
    guard let toDo else { return }
    if toDo == 0, !isLeftBehind, FilePaths.linkTarget(folder.result) == resultBefore { return }
    // Who had nothing to do did not find out.
    let sizes = sizes ?? (toDo == 0 ? ModelSizes(inPassing: folder.result) : nil)
    let masks = image.flatMap { image in
      (try? StoredModel(path: folder.result)).flatMap {
        MaskPictures($0.state.network, image: image)
      }
    }
    write(isRunning: false, sizes: sizes, masks: masks)
  }

  /// Whether the report is still the one of a process that was killed.
  private var isLeftBehind: Bool {
    let end = OpenFile.end(of: folder.report, count: 4096)
    return String(decoding: end, as: UTF8.self).contains("location.reload")
  }

  private func write(isRunning: Bool, sizes: ModelSizes? = nil, masks: MaskPictures? = nil) {
    let started = clock.now
    defer {
      let ended = clock.now
      took = ended - started
      spent += took
      last = ended
      if began == nil { began = started }
    }
    do {
      guard let manifest = try CheckpointStore.soundManifest(of: folder).manifest else { return }
      curves.read(folder.events)
      let report = RunReport(
        folder, plan.expanded(by: manifest.recordsByKey), manifest, curves, isRunning: isRunning,
        sizes: sizes, masks: masks, time: surroundings.now())
      verdict = report.verdict
      try report.write(surroundings)
    } catch {
      if !hasWarned { warn("the run goes on, but its report cannot be written: \(error)") }
      hasWarned = true
    }
  }
}
