import NeuralNetworks
import NumericCore
import Scheduler

/// |w · dL/dw|: how much removing the weight changes the training loss L to first order; dL/dw is its
/// gradient over the scoring samples.
///
/// `signed` gives |w| · dL/dw instead, as Ballini et al. (arXiv 2602.20467) print it: it can be negative,
/// and the most negative go first.
///
/// Source: Blalock et al., "What is the state of neural network pruning?", 2020, Sec. 7.
package struct GradientMagnitude: PruningCriterion {
  package let isSigned: Bool

  package init(signed: Bool = false) { isSigned = signed }

  package var name: String { isSigned ? "gradient_magnitude_signed" : "gradient_magnitude" }

  package var needsTargets: Bool { true }

  package var degree: ImportanceDegree { .linear }

  package func importances(_ context: ScoringContext) -> [Matrix] {
    let gradients = LossGradient.weights(
      of: context.network, on: context.samples, loss: context.loss, pool: context.pool)
    return zip(context.network.layers, gradients).map { layer, gradient in
      gradient.withSpan { gradient in
        layer.importances { weight, index in
          isSigned ? abs(weight) * gradient[index] : abs(weight * gradient[index])
        }
      }
    }
  }
}
