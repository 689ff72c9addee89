import NumericCore

/// Random importances, uniform in [0, 1): what any criterion has to beat. A function of the stage's seed
/// and the weight's place.
package struct RandomCriterion: PruningCriterion {
  package init() {}

  package var name: String { "random" }

  package var drawsAtRandom: Bool { true }

  package func importances(_ context: ScoringContext) -> [Matrix] {
    context.network.layers.enumerated().map { index, layer in
      var draws = Philox(
        seed: context.draws.seed, purpose: .randomImportance, index: UInt64(index))
      return layer.importances { _, _ in Float(draws.nextUInt64() >> 40) * 0x1p-24 }
    }
  }
}
