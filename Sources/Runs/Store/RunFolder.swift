import Glibc
import ModelFiles
import Storage

/// Where the files of one run lie.
package struct RunFolder: Sendable, Equatable {
  /// The folder of all runs.
  package let checkpoints: String
  package let name: String

  package init(checkpoints: String, name: String) {
    self.checkpoints = checkpoints
    self.name = name
  }

  /// The run whose folder is `path`; `.` and `..` are the folders that they stand for, because the
  /// lock has the folder's name.
  package init(path: String) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    if [".", ".."].contains(FilePaths.name(of: path)), let real = realpath(path, nil) {
      path = String(cString: real)
      free(real)
    }
    self.init(checkpoints: FilePaths.folder(of: path), name: FilePaths.name(of: path))
  }

  package var path: String { checkpoints + "/" + name }
  package var lock: String { checkpoints + "/" + name + ".lock" }
  package var manifest: String { path + "/run.json" }
  package var journal: String { path + "/run.journal" }
  package var schedule: String { path + "/schedule.yaml" }
  package var events: String { path + "/events.jsonl" }
  package var pins: String { path + "/pins.jsonl" }
  package var progress: String { path + "/progress.safetensors" }
  package var result: String { path + "/result.safetensors" }

  /// The path of the file `name` in the folder.
  package func file(_ name: String) -> String { path + "/" + name }

  /// `wanted`, or with a number behind it when that is taken.
  package func unusedPath(_ wanted: String) -> String {
    var candidate = wanted
    var number = 1
    while FilePaths.isTaken(candidate) {
      number += 1
      candidate = "\(wanted)-\(number)"
    }
    return candidate
  }

  /// Moves what is in the folder aside.
  ///
  /// - Returns: where it is now; nil when there was nothing.
  package func moveAside() throws(StoreError) -> String? {
    guard FilePaths.isTaken(path) else { return nil }
    var number = 1
    while FilePaths.isTaken("\(path).old-\(number)") { number += 1 }
    try DurableFile.move(path, to: "\(path).old-\(number)")
    return "\(path).old-\(number)"
  }
}
