import ModelFiles
import Runs
import Storage

/// The files that were asked for beside the network of a night: `exports/` in its folder.
struct NightExports {
  private let run: RunFolder

  init(_ run: RunFolder) { self.run = run }

  /// Writes the network to the files `names`, whose suffixes name their formats.
  ///
  /// - Throws: `RunFailure`, `StoreError`.
  func write(_ names: [String]) throws {
    guard !names.isEmpty else { return }
    let export = try StoredModel(path: run.result).export.shrunk().export
    try FilePaths.makeFolders(run.file("exports"))
    for name in names {
      guard let format = ModelFormats.writing(name) else {
        throw RunFailure.failed(stage: "promotion", reason: "\(name): no format has this suffix")
      }
      do {
        let files = try format.files(of: export, at: run.file("exports/" + name))
        try NamedFile.write(all: files.reversed().map { ($0.path, $0.bytes) })
      } catch let error as ModelFileError {
        throw RunFailure.failed(stage: "promotion", reason: "\(name): \(error)")
      }
    }
  }

  /// Writes those that the schedule of the night asked for and that are not there: a network that was not
  /// promoted in its night has none.
  ///
  /// - Throws: as `write` does.
  func complete() throws {
    let asked = try CheckpointStore.manifest(of: run)?.schedule["nightly"]?["exports"]
    let names = asked?.arrayValue?.compactMap(\.stringValue) ?? []
    try write(names.filter { !FilePaths.exists(run.file("exports/" + $0)) })
  }
}
