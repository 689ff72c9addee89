import NeuralNetworks
import Runs
import Scheduler
import Storage

/// Shows a run as it goes: on a terminal a line with a bar that keeps changing, elsewhere a line a
/// stage.
///
/// A class, because it remembers what stands in the terminal's last line.
package final class RunDisplay {
  /// Cells of the bar.
  private static let barWidth = 16

  private let isTerminal: Bool
  private let style: Style
  private let warningStyle: Style
  private let interval: Duration
  private let write: (String) -> Void
  private let warn: (String) -> Void
  private let clock = ContinuousClock()
  /// What the changing line shows, and the stage that it is about.
  private var liveLine: (stage: String, text: String)?
  private var lastLive: ContinuousClock.Instant?

  /// - Parameters:
  ///   - isTerminal: whether the last line may keep changing.
  ///   - style: the colours of standard output.
  ///   - warningStyle: those of standard error.
  ///   - interval: the least time between two states of the changing line.
  ///   - write: takes text for standard output, line breaks included.
  ///   - warn: takes a line for standard error.
  package init(
    isTerminal: Bool, style: Style, warningStyle: Style, interval: Duration = .milliseconds(50),
    write: @escaping (String) -> Void, warn: @escaping (String) -> Void
  ) {
    self.isTerminal = isTerminal
    self.style = style
    self.warningStyle = warningStyle
    self.interval = interval
    self.write = write
    self.warn = warn
  }

  /// Shows `event`.
  package func show(_ event: PipelineEvent) {
    switch event {
    case .runStarted(let name, let stages, let toDo):
      if toDo > 0 {
        line("\(name): \(Figures.count(stages, "stage")), \(Figures.grouped(toDo)) to do")
      }
    case .stageStarted(let stage, let epochs):
      lastLive = nil
      live(stage, prefix(stage) + (epochs == nil ? "" : "  " + bar(0)))
    case .stageResumed(let stage, let epoch, let step):
      line("\(prefix(stage))  goes on after epoch \(epoch), step \(step)")
      lastLive = nil
    case .epochFinished(let stage, let report, let epochs):
      live(stage, running(stage, report, epochs: epochs))
    case .progressSaved, .layersTimed, .weightsPruned: break
    case .networkShrunk(let stage, let report):
      line("\(prefix(stage))  \(ShrinkReport.summary(report))")
    case .stageFinished(let stage, let record):
      // The next stage may have begun while this one was being written.
      let other = liveLine.flatMap { $0.stage == stage.name ? nil : $0 }
      line(finished(stage, record))
      if let other { draw(other) }
    case .trialStarted(let stage, let place): line(step(stage, place))
    case .trialTested(let stage, let verdict):
      line("\(prefix(stage))  \(verdict.holds ? "holds" : "does not hold"): \(verdict)")
    case .searchFinished(let stage, let report): line(ended(stage, report))
    case .notice(let notice):
      end()
      let head = notice.word + ": "
      warn((notice.isWarning ? warningStyle.warning(head) : head) + notice.text)
    case .runFinished, .runEnded: end()
    }
  }

  /// Takes the changing line away, so that something else can be written.
  package func end() {
    if liveLine != nil { write("\r\u{1b}[2K") }
    liveLine = nil
  }

  // MARK: Texts

  private func running(_ stage: StageReference, _ report: EpochReport, epochs: Int) -> String {
    let share = Double(report.epoch) / Double(max(epochs, 1))
    var text = "\(prefix(stage))  \(bar(share))  epoch \(report.epoch)/\(epochs)"
    text += "  loss \(Figures.loss(report.trainingLoss))"
    if let validation = report.validation {
      text += "  validation \(Figures.loss(validation.loss)) \(Figures.quality(validation))"
    }
    return text
  }

  private func finished(_ stage: StageReference, _ record: StageRecord) -> String {
    var text = "\(prefix(stage))  \(Figures.count(record.weights, "weight"))"
    for part in record.metrics {
      text +=
        "  \(part.part) loss \(Figures.loss(part.metrics.loss)) "
        + Figures.quality(part.metrics)
    }
    for file in record.files { text += "  \(file.path): \(Figures.count(file.bytes, "byte"))" }
    if let recovery = record.recovery {
      let epochs = Figures.count(recovery.epochs, "epoch")
      text += recovery.recovered ? "  recovered after \(epochs)" : "  not recovered in \(epochs)"
    }
    return text + "  " + Figures.seconds(record.wallClockSeconds)
  }

  private func step(_ stage: StageReference, _ place: TrialPlace) -> String {
    let base = place.base ?? "the model before the search"
    return "\(prefix(stage))  \(place.trial.isRollback ? "back to" : "on from") \(base), step "
      + "\(Figures.percent(place.trial.step)): \(Figures.grouped(place.trial.kept)) of "
      + "\(Figures.count(place.trial.from, "weight"))"
  }

  private func ended(_ stage: StageReference, _ report: SearchReport) -> String {
    let held =
      report.held.map { Figures.count(report.weights, "weight holds", "weights hold") + " (\($0))" }
      ?? "no trial held, " + Figures.count(report.weights, "weight is left", "weights are left")
    let why =
      switch SearchStop.Reason(rawValue: report.reason) {
      case .minimalStep: "the next step would be below the smallest"
      case .nothingSmaller: "the limits admit nothing smaller"
      case .singleWeight: "not a single weight more can go"
      case .rounds, nil: "that were all rounds"
      }
    return
      "\(prefix(stage))  \(held); \(Figures.count(report.trials, "trial")), \(report.rollbacks) rolled back, "
      + "\(Figures.seconds(report.wallClockSeconds)); \(why)"
  }

  private func prefix(_ stage: StageReference) -> String {
    let total = String(stage.of)
    let position = String(stage.position)
    let space = String(repeating: " ", count: total.count - position.count)
    return style.dim("[\(space)\(position)/\(total)]") + " \(stage.name)"
  }

  /// A bar filled up to `share`, from 0 to 1.
  private func bar(_ share: Double) -> String {
    let filled = Int(share * Double(RunDisplay.barWidth))
    return style.good(String(repeating: "━", count: filled))
      + style.dim(String(repeating: "─", count: RunDisplay.barWidth - filled))
  }

  // MARK: Lines

  private func line(_ text: String) {
    end()
    write(text + "\n")
  }

  /// Shows `text` in place of the last live line, unless that is too new; nothing where there is no
  /// terminal.
  private func live(_ stage: StageReference, _ text: String) {
    guard isTerminal else { return }
    let now = clock.now
    if let lastLive, now - lastLive < interval { return }
    lastLive = now
    draw((stage.name, text))
  }

  /// The terminal cuts what is too long for it: a line that wrapped could not be replaced.
  private func draw(_ line: (stage: String, text: String)) {
    write("\r\u{1b}[2K\u{1b}[?7l" + line.text + "\u{1b}[?7h")
    liveLine = line
  }
}

extension RunDisplay {
  /// A display on this process's standard output and standard error.
  convenience init() {
    self.init(
      isTerminal: Output.isTerminal, style: Style(usesColour: Output.usesColour),
      warningStyle: Style(usesColour: Output.usesColourForErrors),
      write: { Output.progress($0) }, warn: { Output.error($0) })
  }
}
