import Engine
import NeuralNetworks
import NumericCore
import Scheduler

/// Which weights can go: an importance for every weight, on one scale for the whole network.
package protocol PruningCriterion: Sendable {
  /// The name in a schedule.
  var name: String { get }

  /// The metric whose statistics the criterion reads from the context; nil for none.
  var metric: OutputMetric? { get }

  /// Among which weights importances can be compared.
  var scope: RankingScope { get }

  /// Whether importances can be negative. Such ones are ranked all the same, the most negative go first;
  /// budget policies are shown their ranks, from 1.
  var isSigned: Bool { get }

  /// Whether it looks at what the network should have answered.
  var needsTargets: Bool { get }

  /// Whether the loss has to have a curvature of its own.
  var needsCurvature: Bool { get }

  /// Whether importances are drawn at random.
  var drawsAtRandom: Bool { get }

  /// What survivors do about removed weights where nobody says it: as the paper has it that the criterion
  /// is from.
  var publishedCompensation: CompensationName { get }

  /// Whether what is lost is asked for when the compensation has done its best: of whole units the one there
  /// is, of single weights the shift of a bias.
  var presumesCompensation: Bool { get }

  /// How importances grow with the weights.
  var degree: ImportanceDegree { get }

  /// Multiply-adds that one scoring takes beyond a few passes, in a network of `widths` from the inputs
  /// to the outputs; above `NonlinearRemoval.largestCost` a schedule has to say `force: true`.
  func multiplyAdds(widths: [Int], samples: Int) -> Double

  /// One matrix [outputs, inputs] a layer; entries of live weights are at least 0 unless `isSigned`,
  /// those of pruned weights are not read.
  func importances(_ context: ScoringContext) throws(PruningError) -> [Matrix]
}

/// Among which weights importances can be compared.
package enum RankingScope: Sendable {
  /// All of the network.
  case network
  /// Those of one unit: a layer's count is shared equally among its rows.
  case row
}

extension PruningCriterion {
  package var metric: OutputMetric? { nil }
  package var scope: RankingScope { .network }
  package var isSigned: Bool { false }
  package var needsTargets: Bool { false }
  package var needsCurvature: Bool { false }
  package var drawsAtRandom: Bool { false }
  package var publishedCompensation: CompensationName { .none }
  package var presumesCompensation: Bool { false }
  package func multiplyAdds(widths: [Int], samples: Int) -> Double { 0 }
  package var degree: ImportanceDegree { .quadratic }
}

extension DenseLayer {
  /// One importance a weight, made of the weight and its row-major index.
  func importances(_ importance: (_ weight: Float, _ index: Int) -> Float) -> Matrix {
    var result = weights
    result.withMutableSpan { span in
      for index in span.indices { span[index] = importance(span[index], index) }
    }
    return result
  }
}
