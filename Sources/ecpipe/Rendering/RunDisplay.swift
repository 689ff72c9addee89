import NeuralNetworks
import Runs
import Scheduler
import Storage

/// Shows a run as it goes: a line a finished stage, and the one under way in a line that keeps changing, or,
/// where that cannot be, every so often.
///
/// A class, because it remembers what stands in the terminal's last line.
package final class RunDisplay {
  private let mode: DisplayMode
  private let style: Style
  private let warningStyle: Style
  private let interval: Double
  private let now: () -> Double
  private let write: (String) -> Void
  private let warn: (String) -> Void
  private var clock = JobClock([])
  /// The stage under way.
  private var current: CurrentStage?
  /// Where it stands in the terminal.
  private var live = LiveLine()
  /// When that was drawn, or said, last.
  private var told = -Double.infinity

  /// - Parameters:
  ///   - style: the colours of standard output.
  ///   - warningStyle: those of standard error.
  ///   - interval: the fewest seconds between two states of the changing line.
  ///   - now: seconds of a clock that never goes back.
  ///   - write: takes text for standard output, line breaks included.
  ///   - warn: takes a line for standard error.
  package init(
    _ mode: DisplayMode, style: Style, warningStyle: Style, interval: Double = 0.1,
    now: @escaping () -> Double = DisplayMode.seconds,
    write: @escaping (String) -> Void, warn: @escaping (String) -> Void
  ) {
    self.mode = mode
    self.style = style
    self.warningStyle = warningStyle
    self.interval = interval
    self.now = now
    self.write = write
    self.warn = warn
  }

  /// Shows `event`.
  package func show(_ event: PipelineEvent) {
    switch event {
    case .runStarted(let name, let stages, let toDo, let loads):
      clock = JobClock(loads)
      if toDo > 0 {
        line(
          "\(name): \(Figures.count(stages, "stage")), \(Figures.grouped(toDo)) to do"
            + SearchText.uncounted(trialsOf: loads.filter(\.isOpen).map(\.name)))
      }
    case .estimated: break
    case .stageStarted(let stage, let epochs): begin(stage, epochs)
    case .stageResumed(let stage, let epoch, let step):
      clock.resumed()
      line("\(prefix(stage))  goes on after epoch \(epoch), step \(step)")
      told = mode.isLive ? -.infinity : now()
    case .advanced(let stage, let advance): take(advance, of: stage)
    case .epochFinished(let stage, let report, let epochs): take(report, epochs, of: stage)
    case .progressSaved, .layersTimed, .weightsPruned: break
    case .networkShrunk(let stage, let report):
      sentence(stage, ShrinkReport.summary(report))
    case .stageFinished(let stage, let record): finish(stage, record)
    case .trialStarted(let stage, let place): sentence(stage, SearchText.step(place))
    case .trialTested(let stage, let verdict):
      sentence(stage, "\(verdict.holds ? "holds" : "does not hold"): \(verdict)")
    case .searchFinished(let stage, let report): sentence(stage, SearchText.end(report))
    case .notice(let notice):
      end()
      let head = notice.word + ": "
      warn((notice.isWarning ? warningStyle.warning(head) : head) + notice.text)
    case .runFinished, .runEnded: end()
    }
  }

  /// Takes the changing line away, so that something else can be written.
  package func end() {
    if live.isThere { write(live.erasing(columns: mode.columns())) }
  }

  // MARK: Stages

  private func begin(_ stage: StageReference, _ epochs: Int?) {
    current = CurrentStage(stage, epochs: epochs)
    clock.began(stage, epochs: epochs, at: now())
    told = mode.isLive ? -.infinity : now()
    if mode.isLive { draw() }
  }

  private func take(_ advance: StageAdvance, of stage: StageReference) {
    guard current?.stage.name == stage.name else { return }
    let time = now()
    current?.take(advance, at: time)
    if let share = advance.share { clock.advanced(to: share, at: time) }
    tell(at: time)
  }

  private func take(_ report: EpochReport, _ epochs: Int, of stage: StageReference) {
    guard current?.stage.name == stage.name else { return }
    let time = now()
    current?.take(report, of: epochs)
    if let share = current?.share { clock.advanced(to: share, at: time) }
    tell(at: time)
  }

  private func finish(_ stage: StageReference, _ record: StageRecord) {
    clock.finished(stage, seconds: record.wallClockSeconds)
    // The next stage may have begun while this one was being written.
    if current?.stage.name == stage.name { current = nil }
    let wasLive = live.isThere
    line(styled(StatusLine(FinishedStage.fields(stage, record)), width: mode.columns()))
    if wasLive, current != nil { draw() }
  }

  // MARK: Lines

  /// Shows how far the stage under way is, unless that was just said.
  private func tell(at time: Double) {
    guard time - told >= (mode.isLive ? interval : mode.every), let current else { return }
    if mode.isLive { return draw() }
    line(StatusLine(current.fields(clock, at: time, showsBar: false)).text(width: mode.columns()))
    told = time
  }

  /// Draws the changing line in as many cells as the terminal has now.
  private func draw() {
    guard let current else { return }
    let time = now()
    let columns = mode.columns()
    let line = StatusLine(current.fields(clock, at: time, showsBar: true))
    write(
      live.drawing(
        styled(line, width: columns), cells: line.text(width: columns).displayWidth,
        columns: columns))
    told = time
  }

  private func styled(_ line: StatusLine, width: Int?) -> String {
    var text = ""
    for piece in line.pieces(width: width) {
      if !text.isEmpty { text += blanks(StatusLine.distance(before: piece.role)) }
      switch piece.role {
      case .position: text += style.dim(piece.text)
      case .bar:
        text += style.good(String(piece.text.prefix(piece.filled)))
        text += style.dim(String(piece.text.dropFirst(piece.filled)))
      default: text += piece.text
      }
    }
    return text
  }

  private func prefix(_ stage: StageReference) -> String {
    style.dim(CurrentStage.position(of: stage)) + " \(stage.name)"
  }

  /// A line about `stage`; on a terminal broken between words.
  private func sentence(_ stage: StageReference, _ text: String) {
    let plain = "\(CurrentStage.position(of: stage)) \(stage.name)  \(text)"
    if let width = mode.columns(), plain.displayWidth > width {
      line(prefix(stage))
      for part in WrappedText.lines(text, width: width - 2) { line("  " + part) }
    } else {
      line("\(prefix(stage))  \(text)")
    }
  }

  private func line(_ text: String) {
    end()
    write(text + "\n")
    if !mode.isLive { told = now() }
  }
}

extension RunDisplay {
  /// A display on this process's standard output and standard error.
  convenience init() {
    self.init(
      .ofProcess, style: Style(usesColour: Output.usesColour),
      warningStyle: Style(usesColour: Output.usesColourForErrors),
      write: { Output.progress($0) }, warn: { Output.error($0) })
  }
}
