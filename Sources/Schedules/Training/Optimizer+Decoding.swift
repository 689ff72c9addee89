import NeuralNetworks
import Storage

extension Optimizer {
  /// `{sgd: {learning_rate: 0.1, momentum: 0.9}}`, `{adam: {…}}` or `{adamw: {…}}`; the last two also
  /// as a word alone.
  ///
  /// Defaults are PyTorch's: Adam and AdamW at 0.001 with beta1 0.9, beta2 0.999, epsilon 1e-8 and
  /// weight decay 0 (AdamW 0.01); SGD has no default rate.
  package static var form: Form<Optimizer> {
    .choice(
      "optimizer",
      [
        Case("sgd", SGD.block, wrap: { .sgd($0) }) {
          if case .sgd(let sgd) = $0 { sgd } else { nil }
        },
        Case(
          "adam", Adam.block("adam", "Adam (Kingma and Ba 2015).", Adam()), wrap: { .adam($0) }
        ) { if case .adam(let adam) = $0 { adam } else { nil } },
        Case(
          "adamw",
          Adam.block(
            "adamw", "Adam with decoupled weight decay (Loshchilov and Hutter 2019).",
            Adam(weightDecay: 0.01)), wrap: { .adamW($0) }
        ) { if case .adamW(let adam) = $0 { adam } else { nil } },
      ])
  }
}

extension Optimizer.SGD {
  fileprivate static var block: Block<Self> {
    let nesterov: Part<Self, Bool> = .setting(
      "nesterov", \.nesterov, .boolean(), default: false, beside: ["momentum": 0.5],
      "Nesterov's form of momentum, which has to be above 0.")
    return Block(
      "optimizer sgd", "Stochastic gradient descent.",
      .setting(
        "learning_rate", \.learningRate, .number(.positive), "The rate before warm-up and decay."),
      .setting(
        "momentum", \.momentum, .number(.belowOne), default: 0,
        "What stays of the velocity from step to step."),
      nesterov,
      .setting(
        "weight_decay", \.weightDecay, .number(.notNegative), default: 0,
        "What is added to the gradient for each weight, as a multiple of it."),
      check: { keys, _, momentum, nesterov, _ in
        if nesterov == true, momentum == 0 {
          keys["nesterov"]?.report(RelationFault.nesterovWithoutMomentum)
        }
      },
      make: {
        Self(learningRate: $0, momentum: $1, nesterov: $2, weightDecay: $3)
      })
  }
}

extension Optimizer.Adam {
  fileprivate static func block(_ word: String, _ summary: String, _ standard: Self) -> Block<Self>
  {
    Block(
      "optimizer \(word)", summary,
      .setting(
        "learning_rate", \.learningRate, .number(.positive), default: standard.learningRate,
        "The rate before warm-up and decay."),
      .setting(
        "beta1", \.beta1, .number(.belowOne), default: standard.beta1,
        "What stays of the mean of the gradients from step to step."),
      .setting(
        "beta2", \.beta2, .number(.belowOne), default: standard.beta2,
        "What stays of the mean of their squares."),
      .setting(
        "epsilon", \.epsilon, .number(.positive), default: standard.epsilon,
        "Added to the root of that mean."),
      .setting(
        "weight_decay", \.weightDecay, .number(.notNegative), default: standard.weightDecay,
        word == "adam"
          ? "What is added to the gradient for each weight, as a multiple of it."
          : "What a weight loses in a step, as a multiple of it and of the learning rate."),
      make: {
        Self(learningRate: $0, beta1: $1, beta2: $2, epsilon: $3, weightDecay: $4)
      })
  }
}
