import NeuralNetworks
import Storage

extension LearningRateSchedule {
  private static let words = ["constant", "step", "linear", "exponential", "cosine"]

  /// Reads `decay`: `{cosine: {to: 0.0001}}`, `{linear: {to: 0}}`, `{exponential: {to: 0.0001}}`,
  /// `{step: {factor: 0.5, epochs: 10}}` or `constant`, each with `warmup_steps`; linear and
  /// cosine end at 0 unless stated.
  /// - Returns: nil where something is wrong; it is reported.
  init?(decoding field: Field) {
    guard let (word, settings) = field.choice("decay", of: Self.words) else { return nil }
    let own =
      switch word {
      case "step": ["factor", "epochs"]
      case "constant": [String]()
      default: ["to"]
      }
    guard let settings else {
      switch word {
      case "constant": self.init()
      case "linear": self.init(decay: .linear(to: 0))
      case "cosine": self.init(decay: .cosine(to: 0))
      default:
        for key in own { field.report(KeyFault.missing(key)) }
        return nil
      }
      return
    }
    guard let keys = settings.keys(own + ["warmup_steps"]) else { return nil }
    let warmupSteps = keys["warmup_steps"].map { $0.integer(0...1_000_000_000) } ?? 0
    guard let decay = Self.decay(word, keys), let warmupSteps else { return nil }
    self.init(decay: decay, warmupSteps: warmupSteps)
  }

  private static func decay(_ word: String, _ keys: KeyedFields) -> Decay? {
    switch word {
    case "constant": return .constant
    case "step":
      let factor = keys.required("factor")?.number(.aboveZeroToOne)
      let epochs = keys.required("epochs")?.integer(1...1_000_000)
      guard let factor, let epochs else { return nil }
      return .step(factor: factor, epochs: epochs)
    case "exponential": return keys.required("to")?.number(.positive).map { .exponential(to: $0) }
    default:
      guard let to = keys["to"].map({ $0.number(.notNegative) }) ?? 0 else { return nil }
      return word == "linear" ? .linear(to: to) : .cosine(to: to)
    }
  }

  /// The decay as a schedule has it.
  var json: JSONValue {
    let warmup = JSONValue(warmupSteps)
    return switch decay {
    case .constant: ["constant": ["warmup_steps": warmup]]
    case .step(let factor, let epochs):
      [
        "step": [
          "factor": JSONValue(factor), "epochs": JSONValue(epochs), "warmup_steps": warmup,
        ]
      ]
    case .linear(let to): ["linear": ["to": JSONValue(to), "warmup_steps": warmup]]
    case .exponential(let to): ["exponential": ["to": JSONValue(to), "warmup_steps": warmup]]
    case .cosine(let to): ["cosine": ["to": JSONValue(to), "warmup_steps": warmup]]
    }
  }
}
