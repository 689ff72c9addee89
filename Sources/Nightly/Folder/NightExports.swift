import ModelFiles
import NumericCore
import Runs
import Schedules
import Storage

/// The files that were asked for beside the network of a night: `exports/` in its folder.
struct NightExports {
  private let run: RunFolder
  private let pool: WorkerPool

  init(_ run: RunFolder, pool: WorkerPool) {
    self.run = run
    self.pool = pool
  }

  private func path(_ target: ExportTarget) -> String { run.exports + "/" + target.file.value }

  /// Writes the network to the files that `exports` says. All are made before one is written.
  ///
  /// - Parameter data: of the night, on which scales of bytes are found.
  /// - Returns: sentences on what bytes have cost.
  /// - Throws: `RunFailure`, `DatasetError`, `StoreError`.
  @discardableResult
  func write(_ exports: JobExportSettings, data: () throws -> OwnData?) throws -> [String] {
    guard !exports.targets.isEmpty else { return [] }
    let model = try StoredModel(path: run.result)
    let whole = model.export
    let form =
      exports.content.shrinks
      ? whole.shrunk(dropsInputs: exports.content.dropsInputs).export : whole
    var files: [ExportedFile] = []
    var notes: [String] = []
    for target in exports.targets {
      let name = target.file.value
      guard let format = ModelFormats.writing(name) else {
        throw RunFailure.failed(stage: "promotion", reason: "\(name): no format has this suffix")
      }
      var export = form
      export.options = target.options
      do {
        if export.options.int8 {
          let quantization = try ModelQuantization(
            of: &export, model, samples: try data().map { .own($0) } ?? .none, test: nil,
            pool: pool, tell: { notes.append("\(name): \($0.text)") })
          try quantization.check(export.options.maxDrop, stage: "promotion", option: "max_drop")
          notes.append("\(name): \(quantization.text)")
        }
        try format.demandMemory(toWrite: export.state.network, of: "tonight's network")
        files += try format.files(of: export, at: path(target))
      } catch let error as ModelFileError {
        throw RunFailure.failed(stage: "promotion", reason: "\(name): \(error)")
      }
    }
    try FilePaths.makeFolders(run.exports)
    try NamedFile.write(all: files.reversed().map { ($0.path, $0.bytes) })
    var record = ExportRecord(in: run) ?? ExportRecord()
    for file in files { record.digests[FilePaths.name(of: file.path)] = Digest.sha256(file.bytes) }
    try record.write(to: run)
    return notes
  }

  /// Whether the schedule of the night asks for any.
  private var areWanted: Bool {
    let manifest = try? CheckpointStore.soundManifest(of: run).manifest
    return manifest?.schedule["nightly"]?["exports"].map { $0 != [] } ?? false
  }

  /// Whether there should be a record of what was written, and is none that is sound: files are there, or the night
  /// is in service.
  ///
  /// - Parameter champion: the night in service; nil for none.
  func haveLostRecord(of champion: String?) -> Bool {
    let isThere = run.name == champion || !FilePaths.entries(of: run.exports).isEmpty
    return isThere && ExportRecord(in: run) == nil && areWanted
  }

  /// Writes those that the schedule of the night asked for and that are not there: a network that was not
  /// promoted in its night has none. Without a record that is sound all of them are written.
  ///
  /// - Throws: as `write` does.
  func complete(_ surroundings: Surroundings) throws -> [String] {
    guard areWanted else { return [] }
    // What that night has read, whatever has become of the schedule since.
    let session = try RecordedRun(folder: run).session(surroundings) {
      if FilePaths.exists(run.schedule) { $0.copy = run.schedule }
    }
    guard let exports = session.schedule.nightly?.exports else { return [] }
    let isRecorded = ExportRecord(in: run) != nil
    let missing = exports.targets.filter { !isRecorded || !FilePaths.exists(path($0)) }
    return try write(JobExportSettings(targets: missing, content: exports.content)) {
      try OwnData(of: run.result, surroundings)
    }
  }
}
