import Datasets
import Engine
import NeuralNetworks
import Storage

extension Loss {
  /// Whether the loss called `word` is for `task`.
  private static func isLoss(_ word: String, for task: LearningTask) -> Bool {
    switch word {
    case "cross_entropy": task == .classification
    case "binary_cross_entropy": true
    default: task == .regression
    }
  }

  /// A word, or `{huber: {delta: 1}}`.
  private static func form(task: LearningTask?) -> Form<Loss> {
    let delta: Part<Float, Float> = .setting(
      "delta", { $0 }, .float(.positive), default: 1, "Where the linear part begins.")
    let huber = Block<Float>(
      "loss huber", "Half the square of small errors, linear beyond (Huber 1964).", delta
    ) { $0 }
    let choices = [
      Case("cross_entropy", Loss.crossEntropy(), "Softmax cross-entropy, for classification."),
      Case(
        "binary_cross_entropy", Loss.binaryCrossEntropy,
        "Logistic loss of two classes, or of targets from 0 to 1."),
      Case("mse", Loss.meanSquared, "The mean squared error, for regression."),
      Case("mae", Loss.meanAbsolute, "The mean absolute error, for regression."),
      Case("huber", huber, wrap: { .huber(delta: $0) }) {
        if case .huber(let delta) = $0 { delta } else { nil }
      },
    ]
    let form = Form.choice("loss", choices) { word, field in
      guard let task, !isLoss(word, for: task) else { return true }
      let allowed = choices.map(\.setting.key).filter { isLoss($0, for: task) }
      field.report(.lossForTask(loss: word, task: task.rawValue, allowed: allowed))
      return false
    }
    // Label smoothing is a key of its own.
    return form.map({ loss, _ in loss }) { $0.usesClassLabels ? .crossEntropy() : $0 }
  }

  /// `loss` and `label_smoothing`; `base` holds for what is not there.
  static func part<Root>(
    _ get: @escaping (Root) -> Loss, over base: Loss, task: LearningTask?
  ) -> Part<Root, Loss> {
    let loss = Part<Root, Loss>.setting(
      "loss", get, form(task: task), default: base, said: "cross_entropy, for regression mse",
      "What training makes small.")
    let smoothing = Part<Root, Float?>.optional(
      "label_smoothing", { get($0).labelSmoothing }, .float(.belowOne), absent: "0",
      omitted: true,
      "With cross_entropy: the share of each target that is spread over all classes.")
    return Part(loss.keys + smoothing.keys, loss.settings + smoothing.settings) { keys in
      guard var stated = loss.read(keys) else {
        _ = smoothing.read(keys)
        return nil
      }
      // The same loss in other words leaves the smoothing as it was.
      if base.usesClassLabels, stated.usesClassLabels { stated = base }
      guard let field = keys["label_smoothing"] else { return stated }
      guard stated.usesClassLabels else {
        field.report(KeyFault.conflict(with: "the loss \(stated.word)"))
        return nil
      }
      return smoothing.read(keys)?.map { .crossEntropy(labelSmoothing: $0) }
    } write: { root, members in
      loss.write(root, &members)
      smoothing.write(root, &members)
    }
  }

  private var labelSmoothing: Float? {
    if case .crossEntropy(let share) = self { share } else { nil }
  }
}
