import NeuralNetworks
import RunFixtures
import Scheduler
import Schedules
import Testing

@Suite("Fine-tuning of rounds") struct FineTuningTests {
  /// Decodes the alternation `text` behind a stage that trains for 30 epochs.
  private func decode(
    _ text: String, training: String = "{}", before: String = "train: {epochs: 30}"
  ) throws -> AlternateSettings? {
    let schedule = """
      version: 1
      name: x
      data: {csv: a, task: classification, split: {validation: 0.1}}
      model: {hidden: [30, 20]}
      training: \(training)
      stages: [\(before.isEmpty ? "" : "{\(before)}, "){alternate: {sparsity: {to: 0.9}, \(text)}}]
      """
    let stages = try ScheduleText.decode(schedule).stages.map(\.decoded)
    guard case .alternate(let settings)? = stages.last else { return nil }
    return settings
  }

  private func adam(_ rate: Double) -> Optimizer { .adam(Optimizer.Adam(learningRate: rate)) }

  @Test("An alternation that only says how sparse has 18 rounds of 1.2 / 18 of the epochs before")
  func unstated() throws {
    let settings = try #require(try decode("rounds: 18"))
    let (rounds, finish) = (settings.fineTuning.rounds, try #require(settings.fineTuning.finish))
    #expect(rounds.epochs == 2 && finish.epochs == 36)
    #expect(rounds.options.optimizer == adam(0.003) && finish.options.optimizer == adam(0.003))
    #expect(rounds.options.schedule == LearningRateSchedule())
    #expect(finish.options.schedule == LearningRateSchedule(decay: .cosine(to: 0)))
    #expect(try #require(try decode("budget: {}")).rounds == 18)
    #expect(try #require(try decode("budget: {}")).fineTuning == settings.fineTuning)
  }

  @Test("Fewer rounds have more epochs each, and a network that is given counts as trained for ten")
  func lengths() throws {
    let four = try #require(try decode("rounds: 4")).fineTuning
    #expect(four.rounds.epochs == 9 && four.finish?.epochs == 36)
    let given = try #require(try decode("rounds: 4", before: "")).fineTuning
    #expect(given.rounds.epochs == 3 && given.finish?.epochs == 12)
    let ten = try #require(try decode("rounds: 18", before: "train: {epochs: 10}")).fineTuning
    #expect(ten.rounds.epochs == 1 && ten.finish?.epochs == 6)
    let most = try #require(try decode("rounds: 1", before: "train: {epochs: 1000000}")).fineTuning
    #expect(most.rounds.epochs == 1_000_000 && most.finish?.epochs == 1_000_000)
    let short = try #require(try decode("rounds: 18", before: "train: {epochs: 1}")).fineTuning
    #expect(short.rounds.epochs == 1 && short.finish?.epochs == 1)
  }

  @Test("The rate of rounds is three times that of the training, whose decay does not hold")
  func rates() throws {
    let tuning = try #require(
      try decode(
        "rounds: 2",
        training:
          "{optimizer: {sgd: {learning_rate: 0.1, momentum: 0.9}}, decay: {cosine: {to: 0.01}}, "
          + "early_stop: {patience: 3}, batch: 16}")
    ).fineTuning
    let sgd = Optimizer.sgd(Optimizer.SGD(learningRate: 0.1 * 3, momentum: 0.9))
    for each in [tuning.rounds, try #require(tuning.finish)] {
      #expect(each.options.optimizer == sgd && each.options.batch == 16)
      #expect(each.options.earlyStop == EarlyStop(patience: 3))
    }
    #expect(tuning.rounds.options.schedule == LearningRateSchedule())
  }

  @Test(
    "Stated fine-tuning has no finish unless one is stated, which goes on at the rate of the rounds"
  )
  func stated() throws {
    #expect(try #require(try decode("rounds: 2, finetune: {epochs: 4}")).fineTuning.finish == nil)
    let both = try #require(
      try decode(
        "rounds: 2, finetune: {epochs: 4, optimizer: {adam: {learning_rate: 0.01}}}, finish: {epochs: 7}"
      ))
    let finish = try #require(both.fineTuning.finish)
    #expect(both.fineTuning.rounds.epochs == 4 && finish.epochs == 7)
    #expect(finish.options.optimizer == adam(0.01))
    #expect(finish.options.schedule == LearningRateSchedule(decay: .cosine(to: 0)))
    let own = try #require(
      try decode(
        "rounds: 2, finish: {epochs: 7, optimizer: {adam: {learning_rate: 0.002}}, decay: constant}"
      ))
    #expect(own.fineTuning.rounds.epochs == 18 && own.fineTuning.finish?.epochs == 7)
    #expect(own.fineTuning.finish?.options.optimizer == adam(0.002))
    #expect(own.fineTuning.finish?.options.schedule == LearningRateSchedule())
  }

  @Test("Without epochs, other keys change what holds unstated")
  func partly() throws {
    let standard = try #require(try decode("rounds: 18")).fineTuning
    let stopped = try #require(
      try decode("rounds: 18, finetune: {early_stop: {patience: 2}}")
    ).fineTuning
    #expect(stopped.rounds.epochs == 2 && stopped.finish?.epochs == 36)
    #expect(stopped.rounds.options.optimizer == adam(0.003))
    #expect(stopped.rounds.options.earlyStop == EarlyStop(patience: 2))
    #expect(stopped.finish?.options.earlyStop == EarlyStop(patience: 2))
    let last = try #require(
      try decode("rounds: 18, finish: {early_stop: {patience: 4, restore_best: false}}")
    ).fineTuning
    #expect(last.rounds == standard.rounds && last.finish?.epochs == 36)
    #expect(last.finish?.options.earlyStop == EarlyStop(patience: 4, restoreBest: false))
    #expect(last.finish?.options.schedule == LearningRateSchedule(decay: .cosine(to: 0)))
    let slower = try #require(
      try decode("rounds: 18, finetune: {optimizer: {adam: {learning_rate: 0.001}}}")
    ).fineTuning
    #expect(slower.rounds.epochs == 2 && slower.finish?.epochs == 36)
    #expect(slower.finish?.options.optimizer == adam(0.001))
    let own = try #require(
      try decode("rounds: 2, finetune: {epochs: 4}, finish: {batch: 8}")
    ).fineTuning
    #expect(own.finish?.epochs == 64 && own.finish?.options.optimizer == adam(0.001))
  }

  @Test("A finish can be left out, and the canonical form says so")
  func noFinish() throws {
    let settings = try #require(try decode("rounds: 18, finish: none"))
    #expect(settings.fineTuning.rounds.epochs == 2 && settings.fineTuning.finish == nil)
    #expect(settings.json["finish"] == nil)
  }
}
