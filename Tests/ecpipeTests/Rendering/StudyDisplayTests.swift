import Runs
import Studies
import Synchronization
import Testing
import ecpipe

@Suite("The display of a study")
struct StudyDisplayTests {
  private func shown(isTerminal: Bool, width: Int = 120) -> String {
    let text = Mutex("")
    let display = StudyDisplay(
      isTerminal ? .live { width } : .lines(), interval: 0,
      write: { part in text.withLock { $0 += part } },
      warn: { part in text.withLock { $0 += "!" + part + "\n" } })
    let cell = StudyCellIdentity(
      dataset: "d", model: "5-3", criterion: "ec", metric: "output", compensation: "ec",
      budget: "lamp", ratio: 0.5, seed: 2)
    let progress = StudyProgress(cells: 3, of: 9, share: 0.5, secondsLeft: 59.2)
    display.show(.started(name: "small", cells: 9, of: 12))
    display.show(
      .cellMeasured(cell, StudyResult(lossBefore: 0.5, lossAfter: 0.25, seconds: 1.5), progress))
    display.show(.warning("look"))
    display.end()
    return text.withLock { $0 }
  }

  @Test("is a line a cell where there is no terminal")
  func lines() {
    #expect(
      shown(isTerminal: false) == """
        small: 12 cells, 9 to measure
        [3/9] d 5-3 ec output ec lamp 0.5 seed 2  before 0.5000  after 0.2500  1.50 s  60 s left
        !warning: look

        """)
  }

  @Test("says how far the one is that is at work, once no minute is to pass in silence")
  func heartbeat() {
    let text = Mutex("")
    let time = Mutex(100.0)
    let display = StudyDisplay(
      .lines(every: 50), interval: 0, now: { time.withLock { $0 } },
      write: { part in text.withLock { $0 += part } }, warn: { _ in })
    let progress = StudyProgress(cells: 3, of: 9, share: 0.5, secondsLeft: 59.2)
    let advance = StageAdvance.epochs(
      EpochAdvance(
        done: 2, epochs: 5, range: 0..<5, samples: 10, samplesPerEpoch: 36, loss: nil))
    display.show(.started(name: "small", cells: 9, of: 12))
    for second in 1...120 {
      time.withLock { $0 = 100 + Double(second) }
      display.show(.advanced(text: "cell", second < 60 ? advance : .working, progress))
    }
    #expect(
      text.withLock { $0 } == """
        small: 12 cells, 9 to measure
        [3/9] cell  epoch 3/5  60 s left
        [3/9] cell  60 s left

        """)
  }

  @Test("is one changing line on a terminal, gone before anything else is written")
  func terminal() {
    let text = shown(isTerminal: true)
    #expect(
      text.contains(
        "[3/9] d 5-3 ec output ec lamp 0.5 seed 2  ━━━━━━━━━━━━────────────  before 0.5"))
    #expect(text.contains("  60 s left\u{1b}[?7h\r"))
    #expect(text.hasSuffix("\r\u{1b}[K!warning: look\n"))
    #expect(
      shown(isTerminal: true, width: 40).contains("[3/9] …amp 0.5 seed 2  ━━━───  60 s left\u{1b}"))
  }
}
