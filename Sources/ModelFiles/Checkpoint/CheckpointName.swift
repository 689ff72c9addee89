/// How the files of checkpoints are called.
package enum CheckpointName {
  /// The name of a stage's checkpoint: position in the plan, stage name, start of the key.
  package static func file(position: Int, stage: String, key: String) -> String {
    let number = position < 10 ? "0\(position)" : "\(position)"
    let flat = stage.map { $0 == "/" ? "-" : $0 }
    return "\(number)-\(String(flat))\(ending(key: key))"
  }

  /// What the file of a checkpoint is called besides, and a number behind it, when another one is to take its place.
  package static let replaced = ".replaced"

  /// Whether the file `name` is a checkpoint that another one is to take the place of.
  package static func isReplaced(_ name: String) -> Bool {
    name.contains(".safetensors" + replaced)
  }

  /// The end of the names of all checkpoints under `key`, whatever their place in the plan.
  package static func ending(key: String) -> String { "-\(key.prefix(8)).safetensors" }

  /// The part of the file name `name` that follows from a checkpoint's key; nil for other files.
  package static func ending(of name: String) -> String? {
    guard name.hasSuffix(".safetensors"), let dash = name.lastIndex(of: "-") else { return nil }
    return String(name[dash...])
  }
}
