import ModelFiles
import Storage

extension ModelSizes {
  /// Networks of more weights are not encoded in every form without being asked.
  private static let mostWeights = 300_000

  /// What a model takes beside what is measured in time; nil for one that is too large to find out in passing.
  package init?(inPassing model: StoredModel) {
    let count = model.state.originalWeightCount
    let present = MemoryAllowance.present.map(Double.init) ?? .infinity
    guard count <= Self.mostWeights, Self.memory(weightCount: count) <= present else { return nil }
    self.init(of: model, pool: nil)
  }

  /// The same of the checkpoint at `path`; nil also where there is none that can be read.
  package init?(inPassing path: String) {
    guard let model = try? StoredModel(path: path) else { return nil }
    self.init(inPassing: model)
  }
}
