import NeuralNetworks

/// How an `alternate` trains: in its rounds, and once more after the last one.
///
///     finetune: {epochs: 2, optimizer: {adam: {learning_rate: 0.003}}}
///     finish: {epochs: 30}
///
/// Where neither is stated, rounds are short and at a constant rate above that of `training`, and the finish is
/// long, with a rate that falls to 0. Together they have 2.4 times the epochs of the stage that trained last, about
/// half of them in the rounds. `Tests/peer-comparison/rounds` is what they were chosen by.
///
/// Either can state other keys alone: without `epochs` it is as long as it would be, at the same rate.
/// `finish: none` leaves the finish out.
///
///     finetune: {early_stop: {patience: 5}}
///     finish: none
package struct FineTuning: Sendable, Equatable {
  /// The rounds of an alternation that states neither a number nor a curve that gives one.
  package static let standardRounds = 18
  /// The epochs of all rounds, and of rounds and finish together, as multiples of the epochs before.
  private static let share = (rounds: 1.2, all: 2.4)
  /// The least epochs of a finish, as a multiple of the epochs before.
  private static let leastFinish = 0.6
  /// The rate of rounds as a multiple of that of `training`.
  private static let rateFactor = 3.0
  /// What stands for the epochs before where nothing was trained.
  private static let epochsOfStart = 10

  /// The training of every round.
  package let rounds: TrainSettings
  /// The training after the last round; nil for none.
  package let finish: TrainSettings?

  /// The keys `finetune` and `finish` of a block.
  ///
  /// - Parameter count: the number of rounds, where it is known.
  static func part<Root>(
    _ get: @escaping (Root) -> FineTuning, in context: StageContext,
    rounds count: @escaping (KeyedFields) -> Int?
  ) -> Part<Root, FineTuning> {
    let described = (
      finetune: finetune({ get($0).rounds }, in: context, standard: nil),
      finish: finish({ get($0).finish }, in: context, standard: nil)
    )
    return Part(
      described.finetune.keys + described.finish.keys,
      described.finetune.settings + described.finish.settings
    ) { keys in
      let count = count(keys) ?? standardRounds
      let standard = standardRounds(in: context, count: count)
      let finetune = finetune({ get($0).rounds }, in: context, standard: standard)
      guard let stated = finetune.read(keys) else { return nil }
      let rounds = stated ?? standard
      let last = standardFinish(after: rounds, in: context, count: count)
      let finish = finish(
        { get($0).finish }, in: context.finishing(rounds), standard: last)
      guard let own = finish.read(keys) else { return nil }
      // Rounds of a stated length are all that there is.
      let isWhole = keys["finetune"]?.member("epochs") != nil
      return FineTuning(rounds: rounds, finish: own ?? (isWhole ? nil : last))
    } write: { root, members in
      described.finetune.write(root, &members)
      described.finish.write(root, &members)
    }
  }

  private static func finetune<Root>(
    _ get: @escaping (Root) -> TrainSettings, in context: StageContext, standard: TrainSettings?
  ) -> Part<Root, TrainSettings?> {
    let words = "1.2 times those of the stage that trained last, over all rounds"
    return .optional(
      "finetune", get,
      .block(
        TrainSettings.block(
          "finetune of rounds", in: context,
          standard: TrainSettings.Standard(settings: standard, words: words))),
      absent: "short, at three times the rate of `training`", isUsual: true,
      examples: [["epochs": 1], ["epochs": 2]],
      "The training of every round. Without `epochs` its other keys change what holds unstated.")
  }

  private static func finish<Root>(
    _ get: @escaping (Root) -> TrainSettings?, in context: StageContext, standard: TrainSettings?
  ) -> Part<Root, TrainSettings??> {
    let words = "about those of all rounds"
    let block = TrainSettings.block(
      "finish", in: context, standard: TrainSettings.Standard(settings: standard, words: words))
    return .optional(
      "finish", { .some(get($0)) }, Form.block(block).or("none"),
      absent: "none beside a `finetune` with `epochs`; else about as long as all rounds",
      omitted: true, examples: [["epochs": 1], ["epochs": 2]],
      "The training after the last round, or `none`. Its optimizer is that of the rounds unless stated, and its "
        + "rate falls to 0 on a cosine.")
  }

  // MARK: Standards

  /// The rounds, where nothing is stated: `count` of them.
  private static func standardRounds(in context: StageContext, count: Int) -> TrainSettings {
    var options = context.training
    options.optimizer = options.optimizer.with(
      learningRate: rateFactor * options.optimizer.learningRate)
    options.schedule = LearningRateSchedule()
    return TrainSettings(
      epochs: epochs(share.rounds * before(context) / Double(count)), minimumEpochs: nil,
      options: options, continuesOptimizer: false)
  }

  /// What comes after `count` such rounds.
  private static func standardFinish(
    after rounds: TrainSettings, in context: StageContext, count: Int
  ) -> TrainSettings {
    let before = before(context)
    let rest = share.all * before - Double(rounds.epochs) * Double(count)
    return TrainSettings(
      epochs: epochs(max(rest, leastFinish * before)), minimumEpochs: nil,
      options: context.finishing(rounds).training, continuesOptimizer: false)
  }

  /// The epochs of the stage that trained last.
  private static func before(_ context: StageContext) -> Double {
    Double(context.trained.lastEpochs ?? epochsOfStart)
  }

  private static func epochs(_ count: Double) -> Int {
    min(max(1, Int(count.rounded())), TrainSettings.maximumEpochs)
  }
}

extension StageContext {
  /// What a finish is decoded against.
  fileprivate func finishing(_ rounds: TrainSettings) -> StageContext {
    var training = rounds.options
    training.schedule = LearningRateSchedule(decay: .cosine(to: 0))
    var context = StageContext(
      task: task, data: data, layerNames: layerNames, training: training)
    context.lastOptimizer = .known(rounds.options.optimizer)
    context.trained = trained
    return context
  }
}
