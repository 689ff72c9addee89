/// Where the files of one run lie.
package struct RunFolder: Sendable, Equatable {
  /// The folder of all runs.
  package let checkpoints: String
  package let name: String

  package init(checkpoints: String, name: String) {
    self.checkpoints = checkpoints
    self.name = name
  }

  /// The run whose folder is `path`.
  package init(path: String) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.init(checkpoints: FilePaths.folder(of: path), name: FilePaths.name(of: path))
  }

  package var path: String { checkpoints + "/" + name }
  package var lock: String { checkpoints + "/" + name + ".lock" }
  package var manifest: String { path + "/run.json" }
  package var schedule: String { path + "/schedule.yaml" }
  package var events: String { path + "/events.jsonl" }
  package var progress: String { path + "/progress.safetensors" }
  package var result: String { path + "/result.safetensors" }

  /// The path of the file `name` in the folder.
  package func file(_ name: String) -> String { path + "/" + name }

  /// `wanted`, or with a number behind it when that is taken.
  package func unusedPath(_ wanted: String) -> String {
    var candidate = wanted
    var number = 1
    while FilePaths.exists(candidate) {
      number += 1
      candidate = "\(wanted)-\(number)"
    }
    return candidate
  }

  /// The name of a stage's checkpoint: position in the plan, stage name, start of the key.
  package static func checkpointName(position: Int, stage: String, key: String) -> String {
    let number = position < 10 ? "0\(position)" : "\(position)"
    let flat = stage.map { $0 == "/" ? "-" : $0 }
    return "\(number)-\(String(flat))-\(key.prefix(8)).safetensors"
  }
}
