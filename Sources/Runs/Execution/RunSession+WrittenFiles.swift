import Schedules
import Storage

extension RunSession {
  /// Checks the files that stages of `plan` write outside the run's folder, before anything is computed.
  ///
  /// - Throws: `RunFailure.invalid` where one would destroy a file of a run or the network that this one
  ///   begins with, or cannot be made.
  package func checkWrittenFiles(of plan: Plan) throws {
    let own = FilePaths.real(folder.path)
    let start = schedule.model.start.map { start in
      FilePaths.real(
        FilePaths.resolve(start.path.value, in: NamedFile(schedulePath).folder))
    }
    for stage in plan.stages {
      guard case .leaf(let leaf) = stage.action else { continue }
      for file in leaf.files {
        if let reason = obstacle(to: file, own: own, start: start) {
          throw RunFailure.invalid("stage \(stage.name): \(file) \(reason)")
        }
      }
    }
  }

  private func obstacle(to file: String, own: String, start: String?) -> String? {
    let parent = FilePaths.folder(of: file)
    if file.hasPrefix(own + "/") || FilePaths.exists(RunFolder(path: parent).manifest) {
      return "lies in the folder of a run, which has its own files only; name a file elsewhere"
    }
    if file == start { return "is the network that the run begins with; name another file" }
    if !FilePaths.canBeMade((try? NamedFile(file).destination()) ?? file) {
      return "cannot be made; check the folder and who may write there"
    }
    return nil
  }
}
