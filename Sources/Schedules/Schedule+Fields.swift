import Datasets
import NeuralNetworks

extension Field {
  /// The version of the grammar, 1; nil where something is wrong.
  package func grammarVersion() -> Int? {
    guard let version = integer(0...Int.max) else { return nil }
    guard version == 1 else {
      report(.outOfRange("\(version)", allowed: "1, the only version of the grammar so far"))
      return nil
    }
    return version
  }

  /// A name that a folder can have, beside files such as `NAME.lock`.
  package func runName() -> String? {
    guard let name = string()?.value else { return nil }
    let isUsable =
      (1...64).contains(name.utf8.count) && !name.hasSuffix(".lock")
      && !name.hasPrefix(".") && !name.hasPrefix("-")
      && name.unicodeScalars.allSatisfy {
        $0 != "/" && !$0.properties.isWhitespace && $0.value >= 0x20
      }
    guard isUsable else {
      report(.unusableName(name))
      return nil
    }
    return name
  }
}

extension TrainingOptions {
  /// What holds for every stage; `field` is the value of `training`, where there is one.
  package init?(standard field: Field?, task: LearningTask?, data: DataSettings?) {
    let defaults = TrainingOptions.defaults(for: task ?? .classification)
    guard let field else {
      self = defaults
      return
    }
    guard let keys = field.keys(TrainingOptions.keys) else { return nil }
    self.init(
      decoding: keys, over: defaults, task: task, hasValidation: data?.has(.validation))
  }
}
