extension StageContext {
  /// Of each of a schedule's stages, whether a later one trains before another one prunes.
  static func isTrainedNext(_ stages: [Field]) -> [Bool] {
    var isTrained = false
    let backwards = stages.reversed().map { stage in
      let own = isTrained
      // What measures, writes, shrinks or rewinds changes nothing about it.
      if stage.hasWord(of: ["train", "finetune"]) { isTrained = true }
      if stage.hasWord(of: ["prune", "alternate"]) { isTrained = false }
      return own
    }
    return backwards.reversed()
  }
}

extension Field {
  /// Whether this is a stage with one of `words`, with settings or without any.
  fileprivate func hasWord(of words: [String]) -> Bool {
    if let text = plainText { return words.contains(text) }
    return words.contains { member($0) != nil }
  }
}
