import Scheduler
import Testing

@Suite("Sparsity search") struct SparsitySearchTests {
  private let halving = SparsitySearch(start: 1000, least: 10, step: 0.5, minimalStep: 0.1)

  /// The counts that are tried under the verdicts that `holds` gives.
  private func run(
    _ search: SparsitySearch, holds: (SearchTrial) -> Bool
  ) -> (trials: [SearchTrial], verdicts: [Bool], stop: SearchStop)? {
    var trials: [SearchTrial] = []
    var verdicts: [Bool] = []
    while trials.count < 10_000 {
      switch search.decision(after: verdicts) {
      case .stop(let stop): return (trials, verdicts, stop)
      case .trial(let trial):
        trials.append(trial)
        verdicts.append(holds(trial))
      }
    }
    return nil
  }

  @Test("goes on where a trial holds, goes back and halves the step where not")
  func path() throws {
    // Whatever keeps 200 weights holds.
    let (trials, verdicts, stop) = try #require(run(halving) { $0.kept >= 200 })
    #expect(trials.map(\.kept) == [500, 250, 125, 187, 219, 192])
    #expect(trials.map(\.from) == [1000, 500, 250, 250, 250, 219])
    #expect(trials.map(\.base) == [nil, 1, 2, 2, 2, 5])
    #expect(trials.map(\.step) == [0.5, 0.5, 0.5, 0.25, 0.125, 0.125])
    #expect(trials.map(\.isRollback) == [false, false, false, true, true, false])
    #expect(verdicts == [true, true, false, false, true, false])
    #expect(stop.reason == .minimalStep && stop.base == 5 && stop.kept == 219)
    #expect(stop.trials == 6 && stop.rollbacks == 3)
  }

  @Test("says why it ends")
  func reasons() throws {
    let all = try #require(run(halving) { _ in true })
    #expect(all.stop.reason == .nothingSmaller && all.stop.kept == 10)
    let none = try #require(run(halving) { _ in false })
    #expect(none.trials.map(\.kept) == [500, 750, 875])
    #expect(none.stop.reason == .minimalStep && none.stop.base == nil && none.stop.kept == 1000)
    let few = SparsitySearch(start: 1000, least: 10, step: 0.5, minimalStep: 0.1, rounds: 2)
    #expect(try #require(run(few) { _ in true }).stop.reason == .rounds)
    let tiny = SparsitySearch(start: 3, least: 1, step: 0.5, minimalStep: 0.001)
    let single = try #require(run(tiny) { _ in false })
    #expect(single.trials.map(\.kept) == [1, 2] && single.stop.reason == .singleWeight)
    let fixed = SparsitySearch(start: 7, least: 7, step: 0.5, minimalStep: 0.1)
    #expect(try #require(run(fixed) { _ in true }).trials.isEmpty)
  }

  @Test("a step that the limits cut short counts as the smaller step that it is")
  func cut() throws {
    let search = SparsitySearch(start: 100, least: 90, step: 0.5, minimalStep: 0.01)
    let (trials, _, stop) = try #require(run(search) { $0.kept > 95 })
    #expect(trials.map(\.kept) == [90, 95, 97, 95, 96, 95])
    #expect(stop.kept == 96 && stop.reason == .minimalStep)
  }

  @Test(
    "whatever holds, counts stay in bounds and the search ends in time",
    arguments: 0..<300 as Range<UInt64>)
  func properties(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
    let start = 1 + below(5000)
    let least = 1 + below(start)
    let step = Double(1 + below(999)) / 1000
    let minimal = step * Double(1 + below(1000)) / 1000
    let rounds = below(3) == 0 ? 1 + below(20) : nil
    let search = SparsitySearch(
      start: start, least: least, step: step, minimalStep: minimal, rounds: rounds)
    let likely = below(10)
    let (trials, verdicts, stop) = try #require(run(search) { _ in below(10) < likely })
    var good = start
    for (index, trial) in trials.enumerated() {
      #expect(trial.number == index + 1 && trial.from == good)
      #expect(trial.kept < good && trial.kept >= least)
      #expect(trial.step >= minimal || trial.kept == least)
      #expect(trial.isRollback == (index > 0 && !verdicts[index - 1]))
      // A prefix of the verdicts leads to the same trial again.
      #expect(search.decision(after: Array(verdicts[..<index])) == .trial(trial))
      if verdicts[index] { good = trial.kept }
    }
    #expect(stop.kept == good && stop.trials == trials.count)
    #expect(stop.rollbacks == verdicts.filter { !$0 }.count)
    #expect(stop.base == verdicts.lastIndex(of: true).map { $0 + 1 })
    let most = try #require(search.mostTrials(limit: 1_000_000))
    #expect(trials.count <= most)
    // What is known of trials behind the end is not looked at.
    #expect(search.decision(after: verdicts + [true, false]) == .stop(stop))
  }

  @Test("the largest number of trials is told up to a limit")
  func limit() {
    #expect(halving.mostTrials(limit: 1000) == 3 + 34)
    #expect(halving.mostTrials(limit: 20) == nil)
    let rounds = SparsitySearch(start: 1000, least: 10, step: 0.5, minimalStep: 0.1, rounds: 4)
    #expect(rounds.mostTrials(limit: 20) == 4)
    let endless = SparsitySearch(
      start: 1 << 40, least: 1, step: 0.5, minimalStep: 1e-12)
    #expect(endless.mostTrials(limit: 10_000) == nil)
  }
}
