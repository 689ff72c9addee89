/// How stages are called.
enum StageName {
  /// The `count`-th stage, from 1, that a schedule calls `word`: `train`, `train-2`.
  static func unique(_ word: String, _ count: Int) -> String {
    count == 1 ? word : "\(word)-\(count)"
  }

  /// The part of a training stage that ends after `epoch` epochs.
  static func part(of stage: String, until epoch: Int) -> String { "\(stage)@\(epoch)" }
}
