import NeuralNetworks
import Storage

extension Optimizer {
  /// Reads `{sgd: {learning_rate: 0.1, momentum: 0.9}}`, `{adam: {…}}` or `{adamw: {…}}`; the last
  /// two also as a word alone.
  ///
  /// Defaults are PyTorch's: Adam and AdamW at 0.001 with beta1 0.9, beta2 0.999, epsilon 1e-8 and
  /// weight decay 0 (AdamW 0.01); SGD has no default rate.
  /// - Returns: nil where something is wrong; it is reported.
  init?(decoding field: Field) {
    guard let (word, settings) = field.choice("optimizer", of: ["sgd", "adam", "adamw"]) else {
      return nil
    }
    switch word {
    case "sgd":
      guard let settings else {
        field.report(KeyFault.missing("learning_rate"))
        return nil
      }
      guard let sgd = SGD(decoding: settings) else { return nil }
      self = .sgd(sgd)
    case "adamw":
      guard let adam = Self.adam(settings, weightDecay: 0.01) else { return nil }
      self = .adamW(adam)
    default:
      guard let adam = Self.adam(settings, weightDecay: 0) else { return nil }
      self = .adam(adam)
    }
  }

  private static func adam(_ settings: Field?, weightDecay: Double) -> Adam? {
    guard let settings else { return Adam(weightDecay: weightDecay) }
    guard
      let keys = settings.keys(["learning_rate", "beta1", "beta2", "epsilon", "weight_decay"])
    else { return nil }
    func number(_ key: String, _ range: NumberRange, default value: Double) -> Double? {
      keys[key].map { $0.number(range) } ?? value
    }
    let standard = Adam()
    let learningRate = number("learning_rate", .positive, default: standard.learningRate)
    let beta1 = number("beta1", .belowOne, default: standard.beta1)
    let beta2 = number("beta2", .belowOne, default: standard.beta2)
    let epsilon = number("epsilon", .positive, default: standard.epsilon)
    let decay = number("weight_decay", .notNegative, default: weightDecay)
    guard let learningRate, let beta1, let beta2, let epsilon, let decay else { return nil }
    return Adam(
      learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
      weightDecay: decay)
  }

  /// The optimizer as a schedule has it.
  var json: JSONValue {
    switch self {
    case .sgd(let sgd):
      [
        "sgd": [
          "learning_rate": JSONValue(sgd.learningRate), "momentum": JSONValue(sgd.momentum),
          "nesterov": JSONValue(sgd.nesterov), "weight_decay": JSONValue(sgd.weightDecay),
        ]
      ]
    case .adam(let adam): ["adam": adam.json]
    case .adamW(let adam): ["adamw": adam.json]
    }
  }
}

extension Optimizer.SGD {
  fileprivate init?(decoding field: Field) {
    guard let keys = field.keys(["learning_rate", "momentum", "nesterov", "weight_decay"]) else {
      return nil
    }
    let learningRate = keys.required("learning_rate")?.number(.positive)
    let momentum = keys["momentum"].map { $0.number(.belowOne) } ?? 0
    let nesterov = keys["nesterov"].map { $0.boolean() } ?? false
    let weightDecay = keys["weight_decay"].map { $0.number(.notNegative) } ?? 0
    if nesterov == true, momentum == 0 {
      keys["nesterov"]?.report(RelationFault.nesterovWithoutMomentum)
      return nil
    }
    guard let learningRate, let momentum, let nesterov, let weightDecay else { return nil }
    self.init(
      learningRate: learningRate, momentum: momentum, nesterov: nesterov,
      weightDecay: weightDecay)
  }
}

extension Optimizer.Adam {
  fileprivate var json: JSONValue {
    [
      "learning_rate": JSONValue(learningRate), "beta1": JSONValue(beta1),
      "beta2": JSONValue(beta2), "epsilon": JSONValue(epsilon),
      "weight_decay": JSONValue(weightDecay),
    ]
  }
}
