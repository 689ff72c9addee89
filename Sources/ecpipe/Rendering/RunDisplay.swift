import Pipeline

/// Shows a run as it goes: on a terminal a line that keeps changing, elsewhere a line a stage.
final class RunDisplay {
  private let isTerminal: Bool
  private let style: Style
  private var hasLiveLine = false

  init(isTerminal: Bool = Output.isTerminal, style: Style = Style()) {
    self.isTerminal = isTerminal
    self.style = style
  }

  func show(_ event: PipelineEvent) {
    switch event {
    case .runStarted(let name, let stages, let toDo):
      if toDo > 0 { line("\(name): \(stages) stages, \(toDo) to do") }
    case .stageStarted(let stage, _):
      live("\(prefix(stage)) …")
    case .stageResumed(let stage, let epoch, let step):
      line("\(prefix(stage))  goes on after epoch \(epoch), step \(step)")
    case .epochFinished(let stage, let report, let epochs):
      var text = "\(prefix(stage))  epoch \(report.epoch)/\(epochs)"
      text += "  loss \(Figures.loss(report.trainingLoss))"
      if let validation = report.validation {
        text += "  validation \(Figures.loss(validation.loss)) \(Figures.quality(validation))"
      }
      live(text)
    case .progressSaved(let stage, let epoch, let step, _):
      live("\(prefix(stage))  saved after epoch \(epoch), step \(step)")
    case .stageFinished(let stage, let record):
      line(finished(stage, record))
    case .warning(let text):
      line(style.warning("warning: \(text)"))
    case .runFinished:
      endLive()
    }
  }

  private func finished(_ stage: StageReference, _ record: StageRecord) -> String {
    var text = "\(prefix(stage))  \(Figures.grouped(record.weights)) weights"
    for part in record.metrics {
      text += "  \(part.part) \(Figures.loss(part.metrics.loss)) \(Figures.quality(part.metrics))"
    }
    return text + "  \(Figures.fixed(record.wallClockSeconds, 1)) s"
  }

  private func prefix(_ stage: StageReference) -> String {
    let total = String(stage.of)
    let position = String(stage.position)
    let space = String(repeating: " ", count: total.count - position.count)
    return style.dim("[\(space)\(position)/\(total)]") + " \(stage.name)"
  }

  private func line(_ text: String) {
    endLive()
    Output.line(text)
  }

  /// Shows `text` in place of the last live line; nothing where there is no terminal.
  private func live(_ text: String) {
    guard isTerminal else { return }
    Output.raw("\r\u{1b}[2K" + text)
    hasLiveLine = true
  }

  private func endLive() {
    if hasLiveLine { Output.raw("\r\u{1b}[2K") }
    hasLiveLine = false
  }
}

/// Colour for terminals, nothing elsewhere.
struct Style {
  private let usesColour: Bool

  init(usesColour: Bool = Output.usesColour) { self.usesColour = usesColour }

  func dim(_ text: String) -> String { wrap(text, "2") }
  func warning(_ text: String) -> String { wrap(text, "33") }
  func good(_ text: String) -> String { wrap(text, "32") }
  func bad(_ text: String) -> String { wrap(text, "31") }

  private func wrap(_ text: String, _ code: String) -> String {
    usesColour ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}
