import Runs
import Testing
import ecpipe

@Suite("What a job will still take")
struct JobClockTests {
  private let train = StageReference(name: "train", kind: .train, position: 1, of: 3)
  private let prune = StageReference(name: "prune", kind: .prune, position: 2, of: 3)
  private let tune = StageReference(name: "finetune", kind: .finetune, position: 3, of: 3)

  private var loads: [StageLoad] {
    [
      StageLoad(name: "train", kind: .train, epochs: 10),
      StageLoad(name: "prune", kind: .prune, epochs: nil),
      StageLoad(name: "finetune", kind: .finetune, epochs: 5),
    ]
  }

  @Test("nothing is known before anything is done")
  func beginning() {
    var clock = JobClock(loads)
    #expect(clock.stageLeft(at: 0) == nil && clock.jobLeft(at: 0) == nil)
    clock.began(train, epochs: 10, at: 0)
    #expect(clock.stageLeft(at: 1) == nil && clock.jobLeft(at: 1) == nil)
    // Too early to take it for a speed.
    clock.advanced(to: 0.01, at: 0.01)
    #expect(clock.stageLeft(at: 0.01) == nil)
  }

  @Test("a stage goes on at its speed, and epochs to come take what these take")
  func speed() {
    var clock = JobClock(loads)
    clock.began(train, epochs: 10, at: 100)
    clock.advanced(to: 0.25, at: 110)
    #expect(clock.stageLeft(at: 110) == 30)
    #expect(clock.stageLeft(at: 112) == 28)
    // 4 s an epoch, 5 epochs of fine-tuning; of pruning nothing is known.
    #expect(clock.jobLeft(at: 110) == 50.0)
    #expect(clock.hasMore)
  }

  @Test("what an earlier call has done is not of this speed")
  func resumed() {
    var clock = JobClock(loads)
    clock.began(train, epochs: 10, at: 0)
    clock.resumed()
    clock.advanced(to: 0.5, at: 1)
    #expect(clock.stageLeft(at: 1) == nil)
    clock.advanced(to: 0.6, at: 3)
    #expect(clock.stageLeft(at: 3).map { abs($0 - 8) < 1e-9 } == true)
  }

  @Test("stages without epochs take what the last of their kind took")
  func kinds() {
    var clock = JobClock(loads + [StageLoad(name: "prune/2", kind: .prune, epochs: nil)])
    clock.began(train, epochs: 10, at: 0)
    clock.advanced(to: 1, at: 10)
    clock.finished(train, seconds: 10)
    clock.began(prune, epochs: nil, at: 10)
    clock.finished(prune, seconds: 7)
    clock.began(tune, epochs: 5, at: 17)
    clock.advanced(to: 0.5, at: 19)
    #expect(clock.jobLeft(at: 19) == 9.0)
    clock.finished(tune, seconds: 4)
    #expect(clock.jobLeft(at: 21) == 7)
  }

  @Test("nobody knows before a search has ended")
  func search() {
    var clock = JobClock(loads + [StageLoad(name: "alternate", kind: .search, epochs: nil)])
    clock.began(train, epochs: 10, at: 0)
    clock.advanced(to: 0.5, at: 10)
    #expect(clock.stageLeft(at: 10) == 10 && clock.jobLeft(at: 10) == nil)
  }

  @Test("samples a second are those of the last seconds")
  func meter() {
    var meter = SpeedMeter()
    #expect(meter.rate == nil)
    meter.note(0, at: 0)
    #expect(meter.rate == nil)
    for second in 1...10 { meter.note(second * 100, at: Double(second)) }
    #expect(meter.rate == 100)
    for second in 11...20 { meter.note(1000 + (second - 10) * 300, at: Double(second)) }
    #expect(meter.rate == 300)
  }
}
