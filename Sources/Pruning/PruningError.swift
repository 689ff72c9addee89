import NumericCore
import Scheduler

/// Why a network cannot be scored or pruned.
package enum PruningError: Error, Equatable {
  /// No samples to score on.
  case noSamples
  /// A weight, bias or slope that is NaN or infinite.
  case weightsNotFinite(layer: String)
  /// Statistics of a layer that are NaN or infinite, though all weights are finite.
  case statisticsNotFinite(layer: String, metric: OutputMetric)
  /// A gradient by pruned weights that is NaN or infinite.
  case gradientNotFinite(layer: String)
  /// A bias that is no longer finite after compensation.
  case biasNotFinite(layer: String)
  /// The criterion obd with a loss whose second derivative it does not have.
  case noCurvature
  /// A criterion that compares weights within rows only, with a policy that compares layers.
  case countsNotFixed(criterion: String, policy: String)
  /// A demand that the layers cannot meet, or importances that cannot be ranked.
  case budget(BudgetError)
  /// A share of the samples that holds none of them out, or all.
  case nothingHeldOut(samples: Int, share: Double)
  /// A refinement toward the targets of the loss mae, which has no curvature.
  case noCurvatureToRefine
  /// Somebody asked to stop.
  case interrupted
}

extension PruningError: CustomStringConvertible {
  /// What is wrong, where, and what to do.
  package var description: String {
    switch self {
    case .noSamples:
      return "there are no samples to score weights on; give the training part at least one row"
    case .weightsNotFinite(let layer):
      return "layer \(layer) has weights or biases that are not finite numbers, so training has "
        + "diverged before; go back to an earlier checkpoint and lower the learning rate"
    case .statisticsNotFinite(let layer, let metric):
      return "the statistics of layer \(layer) under the metric \(metric.rawValue) are not finite: "
        + "inputs are not numbers, or values overflow on their way through the network; "
        + "scale the inputs or lower the learning rate"
    case .gradientNotFinite(let layer):
      return "the gradient by the pruned weights of layer \(layer) is not finite, so none can be "
        + "grown back; scale the inputs or lower the learning rate"
    case .biasNotFinite(let layer):
      return "compensation makes a bias of layer \(layer) overflow; scale the inputs"
    case .noCurvature:
      return "the criterion obd takes the curvature of cross_entropy, binary_cross_entropy or mse; "
        + "use one of them, or the criterion taylor"
    case .countsNotFixed(let criterion, let policy):
      return "the criterion \(criterion) ranks weights within their row, so it says nothing about "
        + "layers, which the budget policy \(policy) compares; use uniform, erk or manual"
    case .budget(let error):
      return error.description
    case .nothingHeldOut(let samples, let share):
      return "refine holds out a share of \(share) of \(samples) samples, which leaves none to fit "
        + "or none to hold out; give it more samples, or another held_out"
    case .noCurvatureToRefine:
      return "the loss mae has no curvature that refine could go by; use target: outputs"
    case .interrupted:
      return "somebody asked to stop"
    }
  }
}

extension WorkerPool {
  /// Makes sure that nobody asked to stop, so that what was computed is whole.
  ///
  /// - Throws: `PruningError.interrupted`.
  func checkInterruption() throws(PruningError) {
    askWhetherToStop()
    if isAbandoned { throw .interrupted }
  }
}
