import RunFixtures
import Runs
import Storage
import Testing

/// Runs that are interrupted while they prune, and go on.
enum InterruptedPruning {
  /// Interrupts a run of `schedule` at some of its questions, about `count` of them in turn, goes on on two threads,
  /// and expects the checkpoints of a run that was not interrupted.
  ///
  /// - Returns: the steps behind which prune stages have gone on.
  static func steps(_ schedule: String, interruptions count: Int) throws -> Set<Int> {
    let whole = try RunFixture(schedule)
    try whole.run(countsPruning: true)
    let expected = try whole.checkpoints()
    var steps: Set<Int> = []
    for stop in stride(from: 4, through: whole.questions, by: max(1, whole.questions / count)) {
      let fixture = try RunFixture(schedule)
      let failure = try #require(throws: RunFailure.self) {
        try fixture.run(stopAt: stop, countsPruning: true)
      }
      #expect(failure.exitCode == 75)
      try fixture.run(threads: 2)
      for case .stageResumed(let stage, epoch: 0, let step) in fixture.events
      where stage.kind == .prune {
        steps.insert(step)
      }
      #expect(try fixture.differences(from: expected) == [])
      #expect(!FilePaths.exists(fixture.run.progress))
    }
    return steps
  }
}
