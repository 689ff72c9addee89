import NeuralNetworks
import NumericCore
import Scheduler

/// Measures what pruning each layer alone costs: really prunes it to each rung of a ladder, with the
/// ranking and the compensation of the stage, and compares outputs on the samples that it scores on.
///
/// The error is how far outputs move, not the loss: it is 0 where nothing is removed, cannot be
/// negative, is the very quantity whose first-order approximation elimination-compensation ranks by,
/// and takes nothing from the validation part, on which the run is judged.
struct CurveMeasurement {
  let ranking: WeightRanking
  let compensation: any Compensation
  /// Of the network before the step.
  let context: ScoringContext
  /// How far outputs move: the mean of ‖Δy‖², or, under `fisher`, the divergence between the
  /// predictive distributions.
  let metric: OutputMetric

  /// Under the metric of `criterion` or, if that has none about outputs, of `compensation`, or else
  /// `fisher`.
  init(
    ranking: WeightRanking, criterion: any PruningCriterion, compensation: any Compensation,
    context: ScoringContext
  ) {
    self.ranking = ranking
    self.compensation = compensation
    self.context = context
    metric =
      [criterion.metric, compensation.metric].compactMap { $0 }.first { $0 != .none } ?? .fisher
  }

  /// The ranking's layers with their curves, each from what is left to the least count that `limits`
  /// admit.
  ///
  /// - Throws: `BudgetError.curveInvalid` where outputs overflow.
  func profiles(
    ladder: PruningLadder, limits: [LayerLimits]
  ) throws(BudgetError) -> [LayerProfile] {
    let distance = OutputDistance(
      from: context.network, on: context.samples, pool: context.pool)
    var profiles: [LayerProfile] = []
    for (index, profile) in ranking.profiles.enumerated() {
      let counts = ladder.counts(within: limits[index].bounds(of: profile))
      var points: [ErrorCurve.Point] = []
      for kept in counts {
        let error =
          kept == profile.remaining ? 0 : try self.error(of: index, keeping: kept, distance)
        points.append(ErrorCurve.Point(kept: kept, error: error))
      }
      profiles.append(try profile.with(curve: ErrorCurve(measured: points)))
    }
    return profiles
  }

  /// How far outputs move when layer `index` alone keeps `kept` weights.
  private func error(
    of index: Int, keeping kept: Int, _ distance: OutputDistance
  ) throws(BudgetError) -> Double {
    let weights = try ranking.selection(from: index, keeping: kept).weights
    var network = context.network
    network.layers[index].remove(weights)
    var removed = [[Int]](repeating: [], count: network.layers.count)
    removed[index] = weights
    compensation.apply(to: &network, removed: removed, context)
    switch metric.weighting(for: context.loss) {
    case .none, .euclidean: return distance.meanSquare(to: network)
    case .softmax: return distance.meanDivergence(to: network, of: .softmax)
    case .logistic: return distance.meanDivergence(to: network, of: .logistic)
    }
  }
}
