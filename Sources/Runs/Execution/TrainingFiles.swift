import ModelFiles
import Storage

/// The files with the rows that the network of a checkpoint was trained on, as far as that is recorded: their
/// digest all together in the checkpoint, and in its run how they looked.
struct TrainingFiles {
  private let digest: String
  /// Those of the run that the checkpoint lies in; the training part's come first.
  private let stamps: [FileStamp]

  /// - Returns: nil where nothing is recorded, or no stage of the run trains.
  init?(of checkpoint: String) {
    guard let digest = try? StoredCheckpoint.summary(of: checkpoint).lineage["data"]?.stringValue
    else { return nil }
    self.digest = digest
    let folder = RunFolder(path: FilePaths.folder(of: FilePaths.real(checkpoint)))
    guard let manifest = try? CheckpointStore.soundManifest(of: folder).manifest,
      manifest.data.facts.digest == digest
    else {
      stamps = []
      return
    }
    if !manifest.stages.contains(where: { $0.kind == .train || $0.kind == .finetune }) {
      return nil
    }
    // A training part that is generated has none.
    stamps = manifest.data.settings["train"]?["generate"] == nil ? manifest.data.files : []
  }

  /// Whether `files` are those of the training part, in the order of their use. They may have other names by now
  /// where all data came from them.
  func are(_ files: [String]) -> Bool {
    guard !files.isEmpty, !files.contains(where: { NamedFile($0).isStream }) else { return false }
    let present = files.map { FileStamp(path: FilePaths.absolute($0)) }
    if present.count <= stamps.count, zip(present, stamps).allSatisfy({ $0 == $1 }) { return true }
    // Files of other sizes need not be read for it.
    let mayBe = stamps.isEmpty || stamps.map(\.bytes) == present.map { $0?.bytes }
    return mayBe && (try? Digest.sha256(ofFiles: files)) == digest
  }
}

extension Digest {
  /// SHA-256 over the bytes of `files` as stored, in their order, and over what stands `before` them.
  static func sha256(ofFiles files: [String], before: String = "") throws(StoreError) -> String {
    var known: [String: String] = [:]
    var text = before
    for path in files {
      if known[path] == nil { known[path] = try sha256(fileAt: path) }
      text += (known[path] ?? "") + "\n"
    }
    return sha256(text)
  }
}
