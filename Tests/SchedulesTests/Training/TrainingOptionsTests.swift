import Engine
import NeuralNetworks
import RunFixtures
import Schedules
import Testing

@Suite("Training options") struct TrainingOptionsTests {
  /// Options of a schedule whose `training` holds `text`.
  private func decode(
    _ text: String, task: String = "regression"
  ) throws(ScheduleError) -> TrainingOptions {
    try ScheduleText.decode(schedule(text, task: task)).training
  }

  private func problems(_ text: String, task: String = "regression") -> [String] {
    ScheduleText.problems(schedule(text, task: task))
  }

  private func schedule(_ text: String, task: String) -> String {
    """
    version: 1
    name: x
    data: {csv: a, task: \(task), split: {test: 0.1}}
    model: {hidden: [3]}
    training: {\(text)}
    stages: [train: {epochs: 1}]
    """
  }

  @Test(
    "every loss of each task",
    arguments: [
      ("loss: mse", "regression", .meanSquared), ("loss: mae", "regression", .meanAbsolute),
      ("loss: huber", "regression", .huber()),
      ("loss: {huber: {delta: 0.5}}", "regression", .huber(delta: 0.5)),
      ("loss: {huber: {}}", "regression", .huber()),
      ("loss: {mse: {}}", "regression", .meanSquared),
      ("loss: binary_cross_entropy", "regression", .binaryCrossEntropy),
      ("loss: binary_cross_entropy", "classification", .binaryCrossEntropy),
      ("loss: cross_entropy", "classification", .crossEntropy()),
      ("label_smoothing: 0.1", "classification", .crossEntropy(labelSmoothing: 0.1)),
      ("", "classification", .crossEntropy()), ("", "regression", .meanSquared),
    ] as [(String, String, Loss)])
  func loss(text: String, task: String, loss: Loss) throws {
    #expect(try decode(text, task: task).loss == loss)
  }

  @Test(
    "every optimizer, with PyTorch's defaults",
    arguments: [
      ("", .adam(Optimizer.Adam())), ("optimizer: adam", .adam(Optimizer.Adam())),
      ("optimizer: {adam: {}}", .adam(Optimizer.Adam())),
      ("optimizer: adamw", .adamW(Optimizer.Adam(weightDecay: 0.01))),
      (
        "optimizer: {adamw: {learning_rate: 1e-2, beta1: 0, beta2: 0.5, epsilon: 1e-6, "
          + "weight_decay: 0}}",
        .adamW(
          Optimizer.Adam(learningRate: 0.01, beta1: 0, beta2: 0.5, epsilon: 1e-6, weightDecay: 0))
      ),
      ("optimizer: {sgd: {learning_rate: 0.1}}", .sgd(Optimizer.SGD(learningRate: 0.1))),
      (
        "optimizer: {sgd: {learning_rate: 1, momentum: 0.9, nesterov: true, weight_decay: 0.1}}",
        .sgd(Optimizer.SGD(learningRate: 1, momentum: 0.9, nesterov: true, weightDecay: 0.1))
      ),
    ] as [(String, Optimizer)])
  func optimizer(text: String, optimizer: Optimizer) throws {
    #expect(try decode(text).optimizer == optimizer)
  }

  @Test(
    "every decay, with warm-up",
    arguments: [
      ("", LearningRateSchedule()), ("decay: constant", LearningRateSchedule()),
      ("decay: {constant: {warmup_steps: 3}}", LearningRateSchedule(warmupSteps: 3)),
      ("decay: cosine", LearningRateSchedule(decay: .cosine(to: 0))),
      ("decay: linear", LearningRateSchedule(decay: .linear(to: 0))),
      (
        "decay: {cosine: {to: 0.0001, warmup_steps: 10}}",
        LearningRateSchedule(decay: .cosine(to: 0.0001), warmupSteps: 10)
      ),
      ("decay: {linear: {to: 0.1}}", LearningRateSchedule(decay: .linear(to: 0.1))),
      ("decay: {exponential: {to: 1e-6}}", LearningRateSchedule(decay: .exponential(to: 1e-6))),
      (
        "decay: {step: {factor: 0.5, epochs: 10}}",
        LearningRateSchedule(decay: .step(factor: 0.5, epochs: 10))
      ),
    ] as [(String, LearningRateSchedule)])
  func decay(text: String, schedule: LearningRateSchedule) throws {
    #expect(try decode(text).schedule == schedule)
  }

  @Test("a stage overrides key by key, and can take a setting back")
  func overriding() throws {
    let schedule = try ScheduleText.decode(
      ScheduleText.small(
        (
          "{batch: 32}",
          "{batch: 32, clip: {norm: 1}, early_stop: {patience: 3}, decay: cosine, "
            + "label_smoothing: 0.1}"
        ),
        (
          "  - train: {epochs: 2}",
          """
            - train: {epochs: 2}
            - train: {epochs: 1, batch: 8, clip: none, early_stop: none, decay: constant}
            - train: {epochs: 1, loss: cross_entropy}
            - train: {epochs: 1, label_smoothing: 0}
          """
        )))
    let settings = schedule.stages.compactMap { stage in
      if case .train(let train) = stage.decoded { train.settings } else { nil }
    }
    let smooth = Loss.crossEntropy(labelSmoothing: 0.1)
    let cosine = LearningRateSchedule(decay: .cosine(to: 0))
    let adam = Optimizer.adam(Optimizer.Adam())
    func full(epochs: Int, loss: Loss) -> TrainingSettings {
      TrainingSettings(
        epochs: epochs, batch: 32, loss: loss, optimizer: adam, schedule: cosine, clipNorm: 1,
        earlyStop: EarlyStop(patience: 3))
    }
    #expect(
      settings == [
        full(epochs: 2, loss: smooth),
        TrainingSettings(epochs: 1, batch: 8, loss: smooth, optimizer: adam),
        full(epochs: 1, loss: smooth),
        full(epochs: 1, loss: .crossEntropy()),
      ])
  }

  @Test(
    "what is wrong is reported with its place",
    arguments: ProblemCase.table(
      """
      loss: cross_entropy
      > 5:18: training.loss: the loss cross_entropy is not for regression; allowed: \
      binary_cross_entropy, mse, mae, huber

      loss: {huber: {dleta: 1}}
      > 5:27: training.loss.huber.dleta: unknown key "dleta"; did you mean "delta"? Allowed: delta

      loss: {mse: {delta: 1}}
      > 5:25: training.loss.mse.delta: unknown key "delta"; there are no keys here

      loss: [mse]
      > 5:18: training.loss: expected one of: cross_entropy, binary_cross_entropy, mse, mae, \
      huber, found a list

      label_smoothing: 0.1
      > 5:29: training.label_smoothing: this does not go together with the loss mse; remove one \
      of them

      optimizer: sgd
      > 5:23: training.optimizer: the key "learning_rate" is missing

      optimizer: {sgd: {lr: 1}}
      > 5:30: training.optimizer.sgd.lr: unknown key "lr"; did you mean "learning_rate"? Allowed: \
      learning_rate, momentum, nesterov, weight_decay

      optimizer: {sgd: {learning_rate: 1, momentum: 1}}
      > 5:58: training.optimizer.sgd.momentum: 1 is out of range; allowed: numbers of at least 0 \
      and below 1

      optimizer: {sgd: {learning_rate: 1, nesterov: true}}
      > 5:58: training.optimizer.sgd.nesterov: nesterov needs a momentum above 0; give one, such \
      as momentum: 0.9

      optimizer: {adam: {learning_rate: 0, beta1: 1, beta2: -1, epsilon: 0, weight_decay: -1}}
      > 5:46: training.optimizer.adam.learning_rate: 0 is out of range; allowed: numbers above 0
      > 5:56: training.optimizer.adam.beta1: 1 is out of range; allowed: numbers of at least 0 \
      and below 1
      > 5:66: training.optimizer.adam.beta2: -1 is out of range; allowed: numbers of at least 0 \
      and below 1
      > 5:79: training.optimizer.adam.epsilon: 0 is out of range; allowed: numbers above 0
      > 5:96: training.optimizer.adam.weight_decay: -1 is out of range; allowed: numbers of at \
      least 0

      optimizer: {adam: {}, sgd: {}}
      > 5:23: training.optimizer: only one of these keys can be there: adam, sgd

      optimizer: {}
      > 5:23: training.optimizer: one of these keys is missing: sgd, adam, adamw

      optimizer: {admm: {}}
      > 5:24: training.optimizer: unknown optimizer "admm"; did you mean "adam"? Allowed: sgd, \
      adam, adamw

      optimizer: continue
      > 5:23: training.optimizer: unknown optimizer "continue"; allowed: sgd, adam, adamw

      decay: exponential
      > 5:19: training.decay: the key "to" is missing

      decay: {exponential: {to: 0}}
      > 5:38: training.decay.exponential.to: 0 is out of range; allowed: numbers above 0

      decay: {step: {factor: 2, epochs: 0}}
      > 5:35: training.decay.step.factor: 2 is out of range; allowed: numbers above 0 and at most \
      1
      > 5:46: training.decay.step.epochs: 0 is out of range; allowed: whole numbers from 1 to \
      1000000

      decay: {cosine: {warmup_steps: -1}}
      > 5:43: training.decay.cosine.warmup_steps: -1 is out of range; allowed: whole numbers from \
      0 to 1000000000

      clip: 1
      > 5:18: training.clip: expected a mapping with keys of: norm, found the text "1"

      clip: {}
      > 5:18: training.clip: the key "norm" is missing

      early_stop: {patience: 0}
      > 5:24: training.early_stop: the data has no validation part; give it a share under \
      data.split, or files under data.validation
      > 5:35: training.early_stop.patience: 0 is out of range; allowed: whole numbers from 1 to \
      1000000

      epochs: 3
      > 5:12: training.epochs: unknown key "epochs"; allowed: batch, loss, label_smoothing, \
      optimizer, decay, clip, early_stop
      """))
  func wrong(example: ProblemCase) {
    #expect(problems(example.yaml) == example.problems)
  }
}
