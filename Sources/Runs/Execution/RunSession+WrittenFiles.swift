import Schedules
import Storage

extension RunSession {
  /// Checks the files that stages of `plan`, and the schedule's log, write outside the run's folder, before
  /// anything is computed.
  ///
  /// - Throws: `PlanObstacle` where one would destroy a file of a run or the network that this one
  ///   begins with, or what else the run reads or writes, or where a stage's cannot be made.
  func checkWrittenFiles(of plan: Plan) throws(PlanObstacle) {
    let own = FilePaths.real(folder.path)
    let starts = schedule.model.start.map { start in
      let file = startFile(start)
      let folder = FilePaths.folder(of: file)
      return ([file] + start.attachments.map { FilePaths.resolve($0, in: folder) })
        .map(FilePaths.real)
    }
    for stage in plan.stages {
      for file in stage.files {
        if let reason = obstacle(to: file, own: own, starts: starts ?? []) {
          throw PlanObstacle(.stage(stage.name), "\(file) \(reason)")
        }
      }
    }
    if let table = schedule.log?.csv {
      let file = FilePaths.real(FilePaths.resolve(table.value, in: scheduleFolder))
      if let reason = obstacle(toTable: file, of: plan, own: own, starts: starts ?? []) {
        throw PlanObstacle(.key("csv", of: "log"), "\(file) \(reason)")
      }
    }
  }

  /// Why no line an epoch can be written into `file`; nil where nothing else needs it. That it cannot be made
  /// ends no run.
  private func obstacle(
    toTable file: String, of plan: Plan, own: String, starts: [String]
  ) -> String? {
    if plan.stages.contains(where: { $0.files.contains(file) }) {
      return "is what an export writes; name another file"
    }
    return loss(of: file, own: own, starts: starts)
  }

  private func obstacle(to file: String, own: String, starts: [String]) -> String? {
    if let loss = loss(of: file, own: own, starts: starts) { return loss }
    if !FilePaths.canBeMade((try? NamedFile(file).destination()) ?? file) {
      return "cannot be made; check the folder and who may write there"
    }
    return nil
  }

  /// What would be lost if `file` was written; nil for nothing.
  private func loss(of file: String, own: String, starts: [String]) -> String? {
    if let owner = FolderOwner(ofFile: file) { return owner.refusal }
    if file.hasPrefix(own + "/") { return FolderOwner(of: .run, at: own).refusal }
    if dataFiles.map(FilePaths.real).contains(FilePaths.real(file)) {
      return "is one of the data's files; name another file"
    }
    if FilePaths.real(file) == FilePaths.real(schedulePath) {
      return "is the schedule; name another file"
    }
    if starts.contains(file) { return "is the network that the run begins with; name another file" }
    return nil
  }
}
