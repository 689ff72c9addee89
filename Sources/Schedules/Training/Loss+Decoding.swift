import Datasets
import Engine
import NeuralNetworks
import Storage

extension Loss {
  /// The words of the schedule, with the tasks they are for.
  private static let words: [(word: String, tasks: [LearningTask])] = [
    ("cross_entropy", [.classification]),
    ("binary_cross_entropy", [.classification, .regression]),
    ("mse", [.regression]),
    ("mae", [.regression]),
    ("huber", [.regression]),
  ]

  /// Reads `loss` (a word, or `{huber: {delta: 1}}`) and `label_smoothing`; `base` holds for what
  /// is not there.
  /// - Returns: nil where something is wrong; it is reported.
  static func decode(_ keys: KeyedFields, over base: Loss, task: LearningTask?) -> Loss? {
    var loss = base
    if let field = keys["loss"] {
      guard let stated = Loss(decoding: field, task: task) else {
        _ = keys["label_smoothing"]?.float(.belowOne)
        return nil
      }
      // The same loss in other words leaves the smoothing as it was.
      if stated.word != base.word || stated != .crossEntropy() { loss = stated }
    }
    guard let field = keys["label_smoothing"] else { return loss }
    guard case .crossEntropy = loss else {
      field.report(KeyFault.conflict(with: "the loss \(loss.word)"))
      return nil
    }
    return field.float(.belowOne).map { .crossEntropy(labelSmoothing: $0) }
  }

  private init?(decoding field: Field, task: LearningTask?) {
    let words = Self.words.map(\.word)
    guard let (word, settings) = field.choice("loss", of: words) else { return nil }
    if let task {
      let allowed = Self.words.filter { $0.tasks.contains(task) }.map(\.word)
      guard allowed.contains(word) else {
        field.report(.lossForTask(loss: word, task: task.rawValue, allowed: allowed))
        return nil
      }
    }
    switch word {
    case "huber":
      guard let settings else {
        self = .huber()
        return
      }
      guard let keys = settings.keys(["delta"]),
        let delta = keys["delta"].map({ $0.float(.positive) }) ?? 1
      else { return nil }
      self = .huber(delta: delta)
      return
    case "cross_entropy": self = .crossEntropy()
    case "binary_cross_entropy": self = .binaryCrossEntropy
    case "mse": self = .meanSquared
    default: self = .meanAbsolute
    }
    // The others have no settings, so only an empty mapping can stand there.
    if let settings, settings.keys([]) == nil { return nil }
  }

  /// The schedule's word.
  package var word: String {
    switch self {
    case .crossEntropy: "cross_entropy"
    case .meanSquared: "mse"
    case .meanAbsolute: "mae"
    case .huber: "huber"
    case .binaryCrossEntropy: "binary_cross_entropy"
    }
  }

  /// The loss as a schedule has it; label smoothing is a key of its own there.
  var json: JSONValue {
    if case .huber(let delta) = self { return ["huber": ["delta": JSONValue(exactly: delta)]] }
    return .string(word)
  }
}

extension JSONValue {
  /// The shortest decimal that reads back as the same Float.
  package init(exactly value: Float) {
    self.init(Double("\(value)"))
  }
}
