import NumericCore
import Scheduler

/// |w| · ‖a_j‖₂ over the scoring samples, compared only within a row: each unit of a layer loses as many
/// weights as the others.
///
/// Source: Sun, Liu, Bair, Kolter, "A simple and effective pruning approach for large language models",
/// 2024, Eq. 1.
package struct Wanda: PruningCriterion {
  package init() {}

  package var name: String { "wanda" }

  package var metric: OutputMetric? { OutputMetric.none }

  package var scope: RankingScope { .row }

  package var degree: ImportanceDegree { .linear }

  package func importances(_ context: ScoringContext) -> [Matrix] {
    let statistics = context.statistics(.none)
    return context.network.layers.enumerated().map { index, layer in
      let norms = statistics.inputNorms(index)
      return layer.importances { weight, index in
        Float(Double(abs(weight)) * norms[index % norms.count])
      }
    }
  }
}
