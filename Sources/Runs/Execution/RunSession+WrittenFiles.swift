import Schedules
import Storage

extension RunSession {
  /// Checks the files that stages of `plan` write outside the run's folder, before anything is computed.
  ///
  /// - Throws: `RunFailure.invalid` where one would destroy a file of a run or the network that this one
  ///   begins with, or cannot be made.
  package func checkWrittenFiles(of plan: Plan) throws {
    let own = FilePaths.real(folder.path)
    let starts = schedule.model.start.map { start in
      let file = FilePaths.resolve(start.path.value, in: NamedFile(schedulePath).folder)
      let folder = FilePaths.folder(of: file)
      return ([file] + start.attachments.map { FilePaths.resolve($0, in: folder) })
        .map(FilePaths.real)
    }
    for stage in plan.stages {
      guard case .leaf(let leaf) = stage.action else { continue }
      for file in leaf.files {
        if let reason = obstacle(to: file, own: own, starts: starts ?? []) {
          throw RunFailure.invalid("stage \(stage.name): \(file) \(reason)")
        }
      }
    }
  }

  private func obstacle(to file: String, own: String, starts: [String]) -> String? {
    let parent = FilePaths.folder(of: file)
    if file.hasPrefix(own + "/") || FilePaths.exists(RunFolder(path: parent).manifest) {
      return "lies in the folder of a run, which has its own files only; name a file elsewhere"
    }
    if starts.contains(file) { return "is the network that the run begins with; name another file" }
    if !FilePaths.canBeMade((try? NamedFile(file).destination()) ?? file) {
      return "cannot be made; check the folder and who may write there"
    }
    return nil
  }
}
