import Pruning
import Storage

/// What the settings stand for.
extension CriterionSettings {
  /// The criterion with its metric.
  package var pruningCriterion: any PruningCriterion { criterion.under(metric) }

  /// The compensation; those of elimination-compensation and least squares take the criterion's metric.
  package var pruningCompensation: any Pruning.Compensation { compensation.under(metric) }

  /// Whether something is drawn by the stage's name in a network of `outputs` outputs.
  package func drawsAtRandom(outputs: Int) -> Bool {
    samples != nil || refine != nil || pruningCriterion.drawsAtRandom
      || outputs > NetworkStatistics.mostExactOutputs
  }

  /// Why a stage cannot score with these settings, as a clause that follows its name; nil where it can.
  ///
  /// - Parameters:
  ///   - widths: of the inputs, the hidden layers and the outputs.
  ///   - remaining: share of the weights that are left before the stage.
  ///   - advice: in whose words to say what to do.
  package func obstacle(
    widths: [Int], remaining: Double, trainingSamples: Int, advice: Advice = .schedule
  ) -> String? {
    if let samples, samples > trainingSamples {
      return "it scores on \(counted(samples, "sample")), but "
        + (advice == .schedule ? "the training part has" : "there are") + " \(trainingSamples); "
        + "use fewer, or \(advice.option("samples", "all"))"
    }
    if compensation == .leastSquares, let width = widths.dropLast().max(),
      width > Self.widestRegression
    {
      return "least_squares takes layers of at most \(Self.widestRegression) inputs, and one has "
        + "\(width); use the compensation ec"
    }
    if let refinement = refine?.obstacle(samples: samples ?? trainingSamples, advice: advice) {
      return refinement
    }
    let cost =
      pruningCriterion.multiplyAdds(widths: widths, samples: samples ?? trainingSamples)
      * remaining * Double(steps)
    guard !force, cost > NonlinearRemoval.largestCost else { return nil }
    return
      "the criterion \(criterion.rawValue) would take about \(Self.power(cost)) multiply-adds, more than "
      + "\(Self.power(NonlinearRemoval.largestCost)); score on fewer samples "
      + "(\(advice.option("samples", "N"))), use another criterion, or say "
      + (advice == .schedule ? "force: true" : "--force")
  }

  /// Where settings come from.
  package enum Advice {
    case schedule, commandLine

    /// An option as it is written there.
    func option(_ name: String, _ value: String) -> String {
      self == .schedule ? "\(name): \(value)" : "--\(name) \(value)"
    }
  }

  /// Most inputs of a layer whose rows are refitted: its covariance takes 2 GiB.
  package static let widestRegression = 16_384

  /// `value` as 1.2e+12.
  private static func power(_ value: Double) -> String {
    var (digits, exponent) = (value, 0)
    while digits >= 10 {
      digits /= 10
      exponent += 1
    }
    return "\((digits * 10).rounded() / 10)e\(exponent)"
  }
}
