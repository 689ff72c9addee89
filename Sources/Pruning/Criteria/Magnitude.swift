import NeuralNetworks
import NumericCore
import Scheduler

/// |w|: small weights are thought to matter little.
///
/// Source: Han, Pool, Tran, Dally, "Learning both weights and connections", 2015, Sec. 3.
package struct Magnitude: PruningCriterion {
  package init() {}

  package var name: String { "magnitude" }

  package var degree: ImportanceDegree { .linear }

  package func importances(_ context: ScoringContext) -> [Matrix] {
    context.network.layers.map { $0.importances { weight, _ in abs(weight) } }
  }
}
