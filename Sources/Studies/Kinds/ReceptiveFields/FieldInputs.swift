import NeuralNetworks
import NumericCore
import Runs

/// What networks of a study of receptive fields are trained on.
package enum FieldInputs: String, Sendable, CaseIterable {
  /// The images as they are.
  case images
  /// Gaussian inputs with the mean and the covariance of each class: what edges have to do with it.
  case gaussian
  /// The images with all pixels in another order, the same for all: what the measures of locality give where there
  /// is no neighbourhood.
  case permuted

  /// `data`, which are in memory, so changed by draws of `seed`.
  func data(_ data: RunData, seed: UInt64, pool: WorkerPool) -> RunData {
    switch self {
    case .images: return data
    case .gaussian:
      let surrogate = GaussianSurrogate(data.training)
      return data.changing { part, samples in
        surrogate.samples(
          like: samples, seed: Philox.seed(seed, named: part.rawValue), pool: pool)
      }
    case .permuted:
      var generator = Philox(seed: seed, purpose: .inputOrder)
      let order = generator.permutation(data.training.inputs.columns)
      return data.changing { _, samples in samples.permutingInputs(order) }
    }
  }
}
