import Engine
import NeuralNetworks
import NumericCore

/// ½ w² H_ww, with H_ww the diagonal of the Gauss–Newton matrix of the training loss, exactly: the sum over
/// samples of gᵀ M g with g = ∂y/∂w and M = ∂²L/∂y² the loss's curvature in the outputs.
///
/// - Cross-entropy: M = diag p − p pᵀ, with label smoothing too, for the targets sum to 1.
/// - Binary cross-entropy over K outputs: M = diag p(1 − p) / K.
/// - Squared error over K outputs: M = 2 / K.
///
/// The absolute error has no curvature, and Huber's depends on which errors are large: neither is taken.
///
/// Source: LeCun, Denker, Solla, "Optimal brain damage", 1990, Eq. 5, whose diagonal drops second
/// derivatives of activations as Gauss–Newton does, but also approximates what is carried down the layers.
package struct OptimalBrainDamage: PruningCriterion {
  package init() {}

  package var name: String { "obd" }

  /// Its M is the loss's curvature but for a factor.
  package var metric: OutputMetric? { .fisher }

  package var needsCurvature: Bool { true }

  /// - Throws: `PruningError.noCurvature`.
  package func importances(_ context: ScoringContext) throws(PruningError) -> [Matrix] {
    let outputs = context.network.outputs
    guard let factor = context.loss.curvatureFactor(outputs: outputs) else { throw .noCurvature }
    let statistics = context.statistics(.fisher)
    let half = Float(factor / 2)
    return context.network.layers.enumerated().map { index, layer in
      var importance = statistics.energy(index, layer: layer)
      importance.withMutableSpan { span in
        for weight in span.indices { span[weight] *= half }
      }
      return importance
    }
  }
}

extension Loss {
  /// What the metric `fisher` is multiplied by to give the second derivative of the loss in the outputs;
  /// nil for losses whose second derivative it is not.
  package func curvatureFactor(outputs: Int) -> Double? {
    switch self {
    case .crossEntropy: 1
    case .binaryCrossEntropy: 1 / Double(outputs)
    case .meanSquared: 2 / Double(outputs)
    case .meanAbsolute, .huber: nil
    }
  }
}
