import NeuralNetworks
import Pruning
import Scheduler
import Schedules
import Storage

/// How a network is pruned without training: what somebody stated, and for the rest what was measured to
/// lose least.
package struct PruningRecipe: Sendable {
  /// Nil for the best one that there is.
  package var criterion: Criterion?
  /// Nil for that of the stated criterion's paper, or for the best one.
  package var compensation: CompensationName?
  /// Nil for one beside a stated criterion, as published, else for the number that was measured best.
  package var steps: Int?
  /// Nil for fisher where the labels are classes, output elsewhere.
  package var metric: OutputMetric?
  /// Random combinations that stand for many outputs.
  package var probes = ScoringDraws.standardProbes
  /// Samples that weights are scored on; nil for all.
  package var samples: Int?
  /// Toward what survivors are refined behind the last step; nil for not at all.
  package var refine: Refinement.Target?
  /// Whether a criterion may take as long as it takes.
  package var force = false

  /// Nothing is stated.
  package init() {}

  /// What holds for `network`.
  ///
  /// - Parameters:
  ///   - metric: where none is stated.
  ///   - hasData: whether there are samples to look at; without any, weights alone are.
  package func settings(
    metric: OutputMetric, hasData: Bool, _ granularity: PruningGranularity, for network: Network
  ) -> CriterionSettings {
    let isGrouped = granularity.pattern != nil
    let widest = network.layers.map(\.inputs).max() ?? 0
    let best: CompensationName =
      !hasData
      ? .none
      : widest > CriterionSettings.widestRegression ? .ec : CriterionSettings.bestCompensation
    return CriterionSettings(
      criterion: criterion ?? (hasData ? .ec : .magnitude), metric: self.metric ?? metric,
      compensation: compensation ?? (criterion == nil ? best : nil), probes: probes,
      samples: samples,
      steps: steps ?? (criterion == nil && hasData && !isGrouped ? CriterionSettings.bestSteps : 1),
      refine: refine.map { Refinement(target: $0) }, force: force)
  }

  /// That a stated criterion comes as published, where that is not what loses least; nil elsewhere, and where
  /// all of it was stated.
  func publishedNote(
    _ settings: CriterionSettings, _ granularity: PruningGranularity
  ) -> String? {
    guard criterion != nil, steps == nil || compensation == nil,
      let advice = settings.untrainedAdvice(
        Budget(policy: .global, granularity: granularity), as: .commandLine)
    else { return nil }
    return "a stated criterion comes as published: \(settings.criterion.rawValue) in "
      + "\(counted(settings.steps, "step")) with the compensation \(settings.compensation.rawValue); what lost "
      + "least is \(advice), as without --criterion"
  }
}
