import NeuralNetworks

/// How an `alternate` trains: in its rounds, and once more behind the last one.
///
///     finetune: {epochs: 2, optimizer: {adam: {learning_rate: 0.003}}}
///     finish: {epochs: 30}
///
/// Where neither is stated, rounds are short and at a constant rate above that of `training`, and the finish is
/// long, with a rate that falls to 0. Together they have 2.4 times the epochs of the stage that trained last, about
/// half of them in the rounds. `Tests/peer-comparison/rounds` is what they were chosen by.
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
  /// The training behind the last round; nil for none.
  package let finish: TrainSettings?

  /// The keys `finetune` and `finish` of a block.
  ///
  /// - Parameter count: the number of rounds, where it is known.
  static func part<Root>(
    _ get: @escaping (Root) -> FineTuning, in context: StageContext,
    rounds count: @escaping (KeyedFields) -> Int?
  ) -> Part<Root, FineTuning> {
    let finetune: Part<Root, TrainSettings?> = .optional(
      "finetune", { get($0).rounds }, .block(TrainSettings.block("finetune", in: context)),
      absent: "short, at three times the rate of `training`", isUsual: true,
      examples: [["epochs": 1], ["epochs": 2]], "The training of every round.")
    func finish(after rounds: TrainSettings?) -> Part<Root, TrainSettings?> {
      .optional(
        "finish", { get($0).finish },
        .block(TrainSettings.block("finish", in: rounds.map(context.finishing) ?? context)),
        absent: "none beside `finetune`; without it, about as long as all rounds", omitted: true,
        examples: [["epochs": 1], ["epochs": 2]],
        "The training behind the last round. Its optimizer is that of the rounds unless stated, and its rate "
          + "falls to 0 on a cosine.")
    }
    return Part(finetune.settings + finish(after: nil).settings) { keys in
      guard let stated = finetune.read(keys) else { return nil }
      let standard = standard(in: context, rounds: count(keys) ?? standardRounds)
      let rounds = stated ?? standard.rounds
      guard let last = finish(after: rounds).read(keys) else { return nil }
      return FineTuning(rounds: rounds, finish: last ?? (stated == nil ? standard.finish : nil))
    } write: { root, members in
      finetune.write(root, &members)
      finish(after: nil).write(root, &members)
    }
  }

  /// What holds where nothing is stated.
  private static func standard(in context: StageContext, rounds count: Int) -> FineTuning {
    let before = Double(context.trained.lastEpochs ?? epochsOfStart)
    func epochs(_ count: Double) -> Int {
      min(max(1, Int(count.rounded())), TrainSettings.maximumEpochs)
    }
    var options = context.training
    options.optimizer = options.optimizer.with(
      learningRate: rateFactor * options.optimizer.learningRate)
    options.schedule = LearningRateSchedule()
    options.earlyStop = nil
    let each = epochs(share.rounds * before / Double(count))
    let rest = share.all * before - Double(each * count)
    let rounds = TrainSettings(
      epochs: each, minimumEpochs: nil, options: options, continuesOptimizer: false)
    return FineTuning(
      rounds: rounds,
      finish: TrainSettings(
        epochs: epochs(max(rest, leastFinish * before)), minimumEpochs: nil,
        options: context.finishing(rounds).training, continuesOptimizer: false))
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
