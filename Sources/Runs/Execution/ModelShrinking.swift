import ModelFiles
import NeuralNetworks
import Storage

/// Leaves out of a stored model what cannot matter, and writes what is left. It is not trained any more, so
/// weights that are 0 count as removed.
package struct ModelShrinking {
  private let model: StoredModel
  private let shrinking: Shrinking
  private let output: any ModelFormat
  private let path: String

  /// - Parameters:
  ///   - mergesIdentical: whether units that give the same become one.
  ///   - dropsInputs: whether inputs that nothing reads go too.
  ///   - output: the format of the file to write.
  ///   - path: that of the file.
  package init(
    model: StoredModel, mergesIdentical: Bool = true, dropsInputs: Bool = false,
    output: any ModelFormat, at path: String
  ) {
    self.path = path
    self.model = model
    self.output = output
    shrinking = Shrinking(
      mergesIdentical: mergesIdentical, removesZeros: true, dropsInputs: dropsInputs)
  }

  /// A shrunk model.
  package struct Outcome: Sendable {
    package let state: ModelState
    package let report: ShrinkingReport
    /// Its files: of the model's own format with the names that it came with, else an export.
    package let files: [ExportedFile]
    /// Sentences to show the user.
    package let notices: [Notice]
  }

  /// - Parameter memory: bytes that there are; nil where that is not known.
  /// - Throws: `RunFailure.invalid`.
  package func run(memory: Int? = MemoryAllowance.present) throws -> Outcome {
    // What becomes of the network, and the same in rows that are compared.
    try WorkMemory.demand(
      8 * Double(model.state.network.weightCount), for: "shrinking \(model.path)",
      advice: "name a smaller model", present: memory)
    let (state, report) = shrinking.shrink(model.state)
    do {
      if let obstacle = output.obstacle(to: state) { throw ModelFileError.unsupported(obstacle) }
      try output.demandMemory(toWrite: state.network, of: model.path, present: memory)
      var export = model.export
      export.state = state
      return Outcome(
        state: state, report: report,
        files: try model.file.files(of: export, as: output, at: path),
        notices: output.losses(of: state).map(Notice.warning))
    } catch let error as ModelFileError {
      throw RunFailure.invalid("\(model.path): \(error)")
    }
  }
}
