/// How the files of checkpoints are called.
package enum CheckpointName {
  /// The name of a stage's checkpoint: position in the plan, stage name, start of the key.
  package static func file(position: Int, stage: String, key: String) -> String {
    let number = position < 10 ? "0\(position)" : "\(position)"
    let flat = stage.map { $0 == "/" ? "-" : $0 }
    return "\(number)-\(String(flat))\(ending(key: key))"
  }

  /// The end of the names of all checkpoints under `key`, whatever their place in the plan.
  package static func ending(key: String) -> String { "-\(key.prefix(8)).safetensors" }

  /// The part of the file name `name` that follows from a checkpoint's key; nil for other files.
  package static func ending(of name: String) -> String? {
    guard name.hasSuffix(".safetensors"), let dash = name.lastIndex(of: "-") else { return nil }
    return String(name[dash...])
  }
}
