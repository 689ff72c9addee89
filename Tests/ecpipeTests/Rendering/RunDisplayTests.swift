import NumericCore
import Runs
import Synchronization
import Testing
import ecpipe

@Suite("The display of a run")
struct RunDisplayTests {
  /// What a display wrote, and the clock that it goes by.
  private final class Record {
    var output = ""
    var errors: [String] = []
    var time = 0.0

    func display(
      _ mode: DisplayMode = .lines(), colour: Bool = false, interval: Double = 0
    ) -> RunDisplay {
      RunDisplay(
        mode, style: Style(usesColour: colour), warningStyle: Style(usesColour: colour),
        interval: interval, now: { self.time }, write: { self.output += $0 },
        warn: { self.errors.append($0) })
    }
  }

  private let terminal = DisplayMode.live { 100 }
  /// Before and behind a changing line.
  private let drawn = "\r\u{1b}[K\u{1b}[?7l"
  private let over = "\u{1b}[?7h\r"

  /// The events of a small run, those of one stage together: which of two comes first, the end of one
  /// stage or the start of the next, depends on the machine.
  private func events(overrides: [String] = []) throws -> [PipelineEvent] {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      var options = RunSession.Options(
        checkpoints: place.file("checkpoints"), surroundings: .still, continueCommand: "")
      options.overrides = overrides
      let session = try RunSession(schedulePath: place.file("small.yaml"), options: options)
      var events: [PipelineEvent] = []
      _ = try session.run(
        pool: WorkerPool(threadCount: 1), events: { events.append($0) }, isInterrupted: { false })
      return events.enumerated().sorted { one, other in
        (one.element.position, one.offset) < (other.element.position, other.offset)
      }.map(\.element)
    }
  }

  @Test("a stage that ends while the next one runs leaves that one's line standing")
  func overlap() throws {
    let record = Record()
    let display = record.display(terminal, interval: 3600)
    let events = try events()
    let starts = events.filter { if case .stageStarted = $0 { true } else { false } }
    let ends = events.filter { if case .stageFinished = $0 { true } else { false } }
    display.show(starts[0])
    display.show(starts[1])
    display.show(ends[0])
    #expect(record.output.contains("[1/6] train  87 weights"))
    #expect(record.output.hasSuffix("\n\(drawn)[2/6] evaluate\(over)"))
    display.show(ends[1])
    #expect(record.output.hasSuffix(" s\n"))
  }

  @Test("elsewhere than on a terminal: a line a stage, no escape sequences")
  func plainLines() throws {
    let record = Record()
    let display = record.display()
    for event in try events() { display.show(event) }
    display.end()
    let lines = record.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 1 + 6 + 1)
    #expect(lines[0] == "small: 6 stages, 6 to do")
    #expect(lines[1].hasPrefix("[1/6] train  87 weights  validation "))
    #expect(lines[2].hasPrefix("[2/6] evaluate  87 weights  test "))
    #expect(lines[3].hasPrefix("[3/6] alternate/01/prune  65 weights  validation "))
    #expect(lines[6].hasPrefix("[6/6] alternate/02/finetune  43 weights  validation "))
    #expect(lines.dropFirst().dropLast().allSatisfy { $0.hasSuffix(" s") })
    #expect(lines.last == "")
    #expect(!record.output.contains("\u{1b}") && !record.output.contains("\r"))
    #expect(record.errors.isEmpty)
  }

  @Test("a search tells every step, its verdict and its end")
  func search() throws {
    let record = Record()
    let display = record.display()
    for event in try events(overrides: [SmallRun.search]) { display.show(event) }
    let lines = record.output.split(separator: "\n")
    let first = lines.filter { $0.contains("alternate/01/finetune") }
    #expect(
      first.contains {
        $0.hasSuffix("on from the model before the search, step 50.0 %: 43 of 87 weights")
      })
    #expect(
      first.contains { $0.contains("  recovered after ") || $0.contains("  not recovered in ") })
    #expect(
      first.contains {
        $0.contains(#/  (holds|does not hold): accuracy (drops|rises) by /#)
          && $0.contains("with confidence 0.6")
      })
    let ends = lines.filter { $0.contains(" trials, ") }
    #expect(ends.count == 1 && ends[0].contains("] alternate  "))
    #expect(ends[0].contains(" rolled back, "))
  }

  @Test("on a terminal: one changing line with a bar, replaced by the stage's own")
  func changingLine() throws {
    let record = Record()
    let display = record.display(terminal)
    for event in try events() { display.show(event) }
    #expect(
      record.output.contains("\(drawn)[1/6] train  ━━━━━━━━━━━━────────────  epoch 3/6  loss "))
    #expect(record.output.contains("[1/6] train  ━━━━━━━━━━━━━━━━━━━━━━━━  epoch 6/6  loss "))
    // Whatever was left standing is gone before a line that stays.
    for line in record.output.split(separator: "\n") where line.contains("\u{1b}") {
      let last = line.components(separatedBy: "\u{1b}[K").last ?? ""
      #expect(!last.contains("\u{1b}"), "\(line)")
      #expect(last.contains(" weights "), "\(line)")
    }
  }

  @Test("the changing line is drawn no more often than asked")
  func interval() throws {
    let record = Record()
    let display = record.display(terminal, interval: 3600)
    for event in try events() { display.show(event) }
    // Each stage shows its first state at once.
    #expect(record.output.components(separatedBy: "\u{1b}[?7l").count - 1 == 6)
    #expect(!record.output.contains("epoch"))
  }

  @Test("colours only where they are wanted", arguments: [false, true])
  func colour(isWanted: Bool) throws {
    let record = Record()
    let display = record.display(terminal, colour: isWanted)
    for event in try events() { display.show(event) }
    display.show(.warning("something odd"))
    #expect(record.output.contains("\u{1b}[2m[1/6]\u{1b}[0m train") == isWanted)
    #expect(record.output.contains("\u{1b}[32m━") == isWanted)
    #expect(
      record.errors == [
        isWanted ? "\u{1b}[33mwarning: \u{1b}[0msomething odd" : "warning: something odd"
      ])
  }

  @Test("a warning takes the changing line away and goes to standard error")
  func warning() throws {
    let record = Record()
    let display = record.display(terminal)
    for event in try events().prefix(3) { display.show(event) }
    display.show(.warning("w"))
    #expect(record.output.hasSuffix("\r\u{1b}[K"))
    #expect(record.errors == ["warning: w"])
    let before = record.output
    display.end()
    #expect(record.output == before)
  }

  @Test("a run with nothing to do shows nothing; one stage is a stage")
  func counts() {
    let record = Record()
    let display = record.display()
    display.show(.runStarted(name: "a", stages: 4, toDo: 0))
    display.show(.runFinished(name: "a", computed: 0, seconds: 0))
    #expect(record.output == "")
    display.show(.runStarted(name: "a", stages: 1, toDo: 1))
    #expect(record.output == "a: 1 stage, 1 to do\n")
  }

  // MARK: How far a stage is

  private let stage = StageReference(name: "train", kind: .train, position: 2, of: 12)

  private func advance(_ epoch: Int, _ samples: Int) -> PipelineEvent {
    .advanced(
      stage,
      .epochs(
        EpochAdvance(
          done: epoch, epochs: 10, range: 0..<10, samples: samples, samplesPerEpoch: 1000, loss: 0.5
        )))
  }

  @Test("a line between epochs says epoch, loss, speed and the time that is left")
  func within() {
    let record = Record()
    let display = record.display(.live { 120 })
    display.show(.runStarted(name: "a", stages: 12, toDo: 1))
    display.show(.stageStarted(stage, epochs: 10))
    for second in 1...3 {
      record.time = Double(second)
      display.show(advance(2, second * 100))
    }
    #expect(
      record.output.hasSuffix(
        "\(drawn)[ 2/12] train  ━━━━━───────────────────  epoch 3/10  loss 0.5000  100 samples/s  "
          + "11 s left\(over)"))
    // The width is asked for at every state of the line.
    let width = Mutex(40)
    let narrow = Record()
    let other = narrow.display(.live { width.withLock { $0 } })
    other.show(.stageStarted(stage, epochs: 10))
    width.withLock { $0 = 30 }
    other.show(advance(2, 100))
    #expect(narrow.output.hasSuffix("[ 2/12] train  epoch 3/10\(over)"))
  }

  @Test("at most ten states of the line are drawn in a second")
  func redraws() {
    let record = Record()
    let display = record.display(terminal, interval: 0.1)
    display.show(.stageStarted(stage, epochs: 10))
    for step in 0...1000 {
      record.time = Double(step) / 1000
      display.show(advance(0, step))
    }
    let count = record.output.components(separatedBy: drawn).count - 1
    #expect((10...11).contains(count))
  }

  @Test("where lines are wanted, a long stage says how far it is at least every minute, in words")
  func heartbeat() {
    let record = Record()
    let display = record.display()
    display.show(.stageStarted(stage, epochs: 10))
    for second in 1...200 {
      record.time = Double(second)
      display.show(advance(second / 25, second % 25 * 40))
    }
    let lines = record.output.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(
      lines[0] == "[ 2/12] train  20 %  epoch 2/10  loss 0.5000  40 samples/s  4 min left")
    #expect(!record.output.contains("\u{1b}") && !record.output.contains("━"))
  }

  @Test("a pruning says which step it is at, and another stage that it goes on")
  func steps() {
    let record = Record()
    let display = record.display()
    display.show(.stageStarted(stage, epochs: nil))
    record.time = 51
    display.show(.advanced(stage, .working))
    record.time = 102
    display.show(.advanced(stage, .steps(done: 3, of: 12)))
    #expect(record.output.hasPrefix("[ 2/12] train\n[ 2/12] train  25 %  step 3/12"))
  }
}

extension PipelineEvent {
  /// Of the stage that the event is about, from 1; 0 for the start of the run, and the largest there is
  /// for its end.
  fileprivate var position: Int {
    switch self {
    case .runStarted, .estimated, .notice, .runEnded: 0
    case .stageStarted(let stage, _), .stageResumed(let stage, _, _), .advanced(let stage, _),
      .epochFinished(let stage, _, _), .progressSaved(let stage, _, _, _),
      .layersTimed(let stage, _), .weightsPruned(let stage, _),
      .networkShrunk(let stage, _), .stageFinished(let stage, _),
      .trialStarted(let stage, _), .trialTested(let stage, _), .searchFinished(let stage, _):
      stage.position
    case .runFinished: .max
    }
  }
}
