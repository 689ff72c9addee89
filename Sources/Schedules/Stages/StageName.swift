/// How stages are called.
package enum StageName {
  /// The `count`-th stage, from 1, that a schedule calls `word`: `train`, `train-2`.
  package static func unique(_ word: String, _ count: Int) -> String {
    count == 1 ? word : "\(word)-\(count)"
  }

  /// What the names of the stages of round `number`, from 1, of the stage called `stage` begin with.
  package static func round(_ number: Int, of stage: String) -> String {
    stage + (number < 10 ? "/0\(number)/" : "/\(number)/")
  }

  /// The training behind the last round of the stage called `stage`.
  package static func finish(of stage: String) -> String { stage + "/finish" }

  /// Whether the stage called `name` is the entry called `entry`, or a round, an end or a part of it.
  static func isOf(_ name: String, _ entry: String) -> Bool {
    name == entry || name.hasPrefix(entry + "/") || name.hasPrefix(entry + "@")
  }

  /// The part of a training stage that ends after `epoch` epochs.
  package static func part(of stage: String, until epoch: Int) -> String { "\(stage)@\(epoch)" }
}
