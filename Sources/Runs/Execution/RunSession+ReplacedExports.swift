import Storage

extension RunSession {
  /// A warning for every file that a stage of `plan` is going to write, and that is now what another run beside this
  /// one has exported: `verify` would find that run damaged, and whoever uses the file would have another network.
  ///
  /// - Parameter done: keys of stages that are done.
  func replacedExports(of plan: Plan, done: Set<String>) -> [Notice] {
    let files = Set(
      plan.stages.filter { !done.contains($0.key) }.flatMap(\.files).filter(FilePaths.exists))
    if files.isEmpty { return [] }
    return FilePaths.entries(of: folder.checkpoints).flatMap { name -> [Notice] in
      let other = RunFolder(path: folder.checkpoints + "/" + name)
      // One that was moved aside has another name than it says.
      guard other.path != folder.path, FilePaths.exists(other.manifest),
        let manifest = (try? CheckpointStore.manifest(of: other)) ?? nil, manifest.name == name
      else { return [] }
      return manifest.stages.flatMap(\.files).filter { files.contains($0.path) && $0.isIntact }.map
      {
        .warning(
          "\($0.path) is what run \(name) has exported, and this run writes over it; a variant needs other names of "
            + "files as well (--set)")
      }
    }
  }
}
