import Glibc
import Runs
import Storage

/// Makes the folder of a night: with the network that it begins with, and the stages that another night has
/// computed for it, as hard links.
struct NightFolder {
  let job: NightlyFolder

  /// Makes the folder `night`; nothing of it is there before.
  ///
  /// - Throws: `StoreError`, `RunFailure` where the manifest of a night that is needed is not sound.
  func make(_ night: String, from start: NightStart, by recipe: NightRecipe, startedAt: String)
    throws
  {
    let folder = job.night(night)
    try FilePaths.makeFolders(folder.path)
    if let donor = start.donor {
      try share(donor, with: folder)
    } else if let source = start.night {
      try link(FilePaths.real(job.night(source).result), to: folder.start)
    }
    // Last: a folder without it is half made.
    try NightNote(start: start.night, startedAt: startedAt, recipe: recipe).write(to: folder)
  }

  /// What `donor` began with, and its stages: it began with the same network on the same data.
  private func share(_ donor: String, with night: RunFolder) throws {
    let from = job.night(donor)
    if FilePaths.exists(from.start) { try link(FilePaths.real(from.start), to: night.start) }
    guard let manifest = try CheckpointStore.manifest(of: from) else { return }
    for name in Set(manifest.stages.compactMap(\.file)).sorted()
    where FilePaths.size(of: from.file(name)) != nil {
      try link(from.file(name), to: night.file(name))
    }
    // Last, so that what it lists is there.
    try DurableFile.write(manifest.bytes, to: night.manifest)
  }

  private func link(_ source: String, to path: String) throws(StoreError) {
    if Glibc.link(source, path) != 0 {
      throw StoreError(operation: "link", path: path, code: errno)
    }
    try DurableFile.syncFolder(of: path)
  }
}
