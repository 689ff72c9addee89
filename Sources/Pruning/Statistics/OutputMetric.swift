import Engine
import NeuralNetworks

/// How much a small change δy of a network's outputs counts.
package enum OutputMetric: String, Sendable, CaseIterable {
  /// ‖δy‖², the measure of the paper.
  case output
  /// The divergence between the predictive distributions before and after, to second order: with
  /// probabilities p, δyᵀ(diag p − p pᵀ)δy under cross-entropy and Σ_k p_k(1 − p_k)δy_k² under binary
  /// cross-entropy. For regression the same as `output`.
  case fisher
  /// Nothing about outputs: every unit counts the same, so that importance is w² Var(a) and
  /// compensation preserves means.
  case none

  /// The weighting of outputs that this metric means for a network trained with `loss`.
  func weighting(for loss: Loss) -> OutputWeighting {
    switch (self, loss) {
    case (.none, _): .none
    case (.output, _): .euclidean
    case (.fisher, .crossEntropy): .softmax
    case (.fisher, .binaryCrossEntropy): .logistic
    case (.fisher, .meanSquared), (.fisher, .meanAbsolute), (.fisher, .huber): .euclidean
    }
  }
}
