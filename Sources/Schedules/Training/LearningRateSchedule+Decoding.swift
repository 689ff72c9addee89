import NeuralNetworks
import Storage

extension LearningRateSchedule {
  /// `{cosine: {to: 0.0001}}`, `{linear: {to: 0}}`, `{exponential: {to: 0.0001}}`,
  /// `{step: {factor: 0.5, epochs: 10}}` or `constant`, each with `warmup_steps`; linear and cosine
  /// end at 0 unless stated.
  package static var form: Form<LearningRateSchedule> {
    .choice(
      "decay",
      [
        Case("constant", constant, wrap: { Self(warmupSteps: $0) }) {
          if case .constant = $0.decay { $0.warmupSteps } else { nil }
        },
        Case("step", step) {
          Self(decay: .step(factor: $0.factor, epochs: $0.epochs), warmupSteps: $0.warmup)
        } unwrap: {
          if case .step(let factor, let epochs) = $0.decay {
            (factor, epochs, $0.warmupSteps)
          } else {
            nil
          }
        },
        ending("linear", "On a straight line to a rate.", standard: 0) {
          .linear(to: $0)
        } end: {
          if case .linear(let to) = $0 { to } else { nil }
        },
        ending("exponential", "By a constant factor a step to a rate.", standard: nil) {
          .exponential(to: $0)
        } end: {
          if case .exponential(let to) = $0 { to } else { nil }
        },
        ending(
          "cosine", "On half a cosine to a rate (Loshchilov and Hutter 2017).", standard: 0
        ) {
          .cosine(to: $0)
        } end: {
          if case .cosine(let to) = $0 { to } else { nil }
        },
      ])
  }

  private static var constant: Block<Int> {
    Block("decay constant", "The rate of the optimizer throughout.", warmup { $0 }) { $0 }
  }

  private static var step: Block<(factor: Double, epochs: Int, warmup: Int)> {
    Block(
      "decay step", "Lower after every so many epochs.",
      .setting("factor", \.factor, .number(.aboveZeroToOne), "What the rate is multiplied by."),
      .setting("epochs", \.epochs, .integer(1...1_000_000), "After how many epochs, each time."),
      warmup(\.warmup)
    ) { ($0, $1, $2) }
  }

  /// A decay that ends at a rate, which has to be stated unless there is a `standard` one.
  private static func ending(
    _ word: String, _ summary: String, standard: Double?, decay: @escaping (Double) -> Decay,
    end: @escaping (Decay) -> Double?
  ) -> Case<LearningRateSchedule> {
    let block = Block<(to: Double, warmup: Int)>(
      "decay \(word)", summary,
      .setting(
        "to", \.to, .number(standard == nil ? .positive : .notNegative), default: standard,
        "The rate that would be reached right after the last step."),
      warmup(\.warmup)
    ) { ($0, $1) }
    return Case(word, block) {
      Self(decay: decay($0.to), warmupSteps: $0.warmup)
    } unwrap: { schedule in
      end(schedule.decay).map { ($0, schedule.warmupSteps) }
    }
  }

  private static func warmup<Root>(_ get: @escaping (Root) -> Int) -> Part<Root, Int> {
    .setting(
      "warmup_steps", get, .integer(0...1_000_000_000), default: 0,
      "Steps over which the rate grows from almost nothing to the optimizer's.")
  }
}
