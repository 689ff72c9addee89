import Engine
import NumericCore
import Storage

/// The checkpoints of runs, which `ecpipe` writes for itself.
package struct CheckpointFormat: ModelFormat {
  package let name = "a checkpoint"

  /// The format.
  package init() {}

  /// The model without what trained it. What the file builds on lies beside it, not beside a link.
  package func read(
    _ bytes: [UInt8], path: String, activation: Activation?
  ) throws(ModelFileError) -> FileModel {
    do throws(CheckpointError) {
      let reader = CheckpointReader(folder: FilePaths.folder(of: FilePaths.real(path)))
      let contents = try reader.contents(of: bytes)
      var state = contents.state
      state.optimizer = nil
      return FileModel(
        state: state, units: .scaledByFile, lineage: contents.lineage,
        fingerprint: contents.fingerprint)
    } catch {
      throw error.isDamage ? .damaged(reason: "\(error)") : .unsupported("\(error)")
    }
  }
}
