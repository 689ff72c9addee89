import ModelFiles
import NeuralNetworks
import Runs
import Schedules
import Storage

/// The dense networks of a study, a checkpoint each in its folder.
struct DenseModels: Sendable {
  let folder: StudyFolder
  /// Puts bytes in the place of a path, whole.
  var write: @Sendable (_ bytes: [UInt8], _ path: String) throws(StoreError) -> Void = {
    (bytes, path) throws(StoreError) in try DurableFile.write(bytes, to: path)
  }

  /// The network of `group`; nil where there is none yet.
  ///
  /// - Throws: `RunFailure.damaged` for a file that is not what was written, `StoreError`.
  func model(of group: StudyGroup) throws -> ModelState? {
    let path = folder.file(group.fileName)
    guard FilePaths.isTaken(path) else { return nil }
    let contents: CheckpointContents
    do {
      contents = try StoredCheckpoint.contents(of: path)
    } catch RunFailure.invalid(let reason) {
      // Nothing but a checkpoint was ever written under this name.
      throw RunFailure.damaged(file: path, reason: reason)
    }
    guard contents.lineage["key"]?.stringValue == group.key,
      group.architecture.fits(contents.state.network)
    else {
      throw RunFailure.damaged(file: path, reason: "it is the checkpoint of another network")
    }
    return contents.state
  }

  /// Puts the network of `group` on disk.
  ///
  /// - Throws: `RunFailure.failed` for a network that cannot be stored, `StoreError`.
  func save(_ model: ModelState, of group: StudyGroup, data: DataFacts) throws {
    let lineage: JSONValue = [
      "key": .string(group.key), "parent": "", "stage": "train", "kind": "train",
      "settings": group.settings, "data": .string(data.digest), "seed": .string("\(group.seed)"),
    ]
    let contents = CheckpointContents(
      state: model, lineage: lineage, fingerprint: Fingerprint.json)
    let bytes: [UInt8]
    do throws(CheckpointError) {
      bytes = try Checkpoint.encode(
        contents, level: CheckpointSettings.standardLevel, digest: { Digest.sha256($0) })
    } catch {
      throw RunFailure.failed(stage: group.text, reason: "\(error)")
    }
    try write(bytes, folder.file(group.fileName))
  }
}
