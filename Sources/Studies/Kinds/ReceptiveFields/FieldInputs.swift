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

  /// `data` so changed, by draws of `seed`, and in memory.
  ///
  /// - Throws: what reading them throws.
  func data(_ data: RunData, seed: UInt64, pool: WorkerPool) throws -> RunData {
    let data = try data.changing { _, samples in
      let resident = samples.inMemory(pool)
      if let failure = samples.failure { throw failure }
      return resident
    }
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
