import Engine
import NeuralNetworks
import Pruning
import Scheduler
import Storage

/// By what weights are ranked, on which samples, in how many steps, and how survivors make up for what is
/// removed.
///
///     criterion: ec
///     metric: fisher
///     compensation: ec
///     samples: all
///     steps: 1
///     refine: {target: outputs}
package struct CriterionSettings: Sendable, Equatable {
  /// How survivors make up for removed weights.
  package typealias Compensation = CompensationName

  /// ec unless stated.
  package let criterion: Criterion
  /// fisher for classification and output for regression, unless stated; of the criteria ec and taylor,
  /// and of the compensations ec and least_squares.
  package let metric: OutputMetric
  /// That of the criterion's paper unless stated.
  package let compensation: Compensation
  /// Random combinations that stand for more than 64 outputs.
  package let probes: Int
  /// Samples of the training part that weights are scored on; nil for all.
  package let samples: Int?
  /// Steps in which the stage's weights go, importances measured anew before each.
  package let steps: Int
  /// The share of each layer's kept weights that is exchanged for pruned ones, in (0, 1); nil for none.
  package let regrow: Double?
  /// How survivors are refined behind the last step; nil for not at all.
  package let refine: Refinement?
  /// Whether a criterion may take as long as it takes.
  package let force: Bool

  /// The keys that set it.
  ///
  /// - Parameters:
  ///   - budget: what the criterion has to go together with; nil where it is wrong.
  ///   - isTrained: whether training follows, which makes up for what is lost.
  package static func block(
    budget: Budget?, in context: StageContext, isTrained: Bool = true
  ) -> Block<CriterionSettings> {
    let standard = standard(in: context)
    let usesRecipe = { (keys: KeyedFields) in !isTrained && keys["criterion"] == nil }
    let samples: Part<CriterionSettings, Int?> = .setting(
      "samples", \.samples, samples, default: standard.samples, said: "all",
      "Samples of the training part that weights are scored on, drawn by the seed.")
    let regrow: Part<CriterionSettings, Double?> = .optional(
      "regrow", \.regrow, .number(.openUnit), absent: "none", omitted: true,
      "The share of each layer's kept weights that is exchanged for pruned ones.")
    let compensation: Part<CriterionSettings, Compensation?> = .optional(
      "compensation", \.compensation, .word("compensation"),
      absent: "\(bestCompensation.rawValue) \(whenUntrained); elsewhere \(published)",
      "How survivors make up for removed weights.")
    let steps: Part<CriterionSettings, Int> = .setting(
      "steps", \.steps, .integer(stepRange), default: standard.steps,
      said:
        "\(bestSteps) \(whenUntrained), unless groups go, or the policy is manual or measures layers; elsewhere "
        + "\(standard.steps)",
      "In how many steps weights go, importances measured anew before each.")
    return Block(
      "criterion", "By what weights are ranked, and how survivors make up for what is removed.",
      .setting(
        "criterion", \.criterion, .word("criterion"), default: standard.criterion,
        "How the importance of a weight is defined."),
      .setting(
        "metric", \.metric, .word("metric"), default: standard.metric,
        said: "fisher, for regression output",
        "How a change of the outputs counts; of the criteria ec and taylor, and of the compensations ec "
          + "and least_squares."),
      compensation.without { usesRecipe($0) ? bestCompensation : nil },
      .setting(
        "probes", \.probes, .integer(probeRange), default: standard.probes,
        "Random combinations that stand for more than 64 outputs."),
      samples,
      steps.without { usesRecipe($0) ? untrainedSteps(budget) : standard.steps },
      regrow,
      .optional(
        "refine", \.refine, .block(Refinement.block(for: context.training.loss)), absent: "none",
        omitted: true, "How all survivors are refined together after the last step."),
      .setting(
        "force", \.force, .boolean(), default: standard.force, changesResult: false,
        "Lets a criterion take as long as it takes."),
      check: { keys, criterion, _, _, _, _, steps, _, _, _ in
        if let fault = conflict(criterion, budget, context.training.loss) {
          keys["criterion"]?.report(fault)
        }
        if let budget { check(keys, steps: steps, budget.granularity) }
      },
      make: CriterionSettings.init)
  }

  /// What holds where nothing is stated.
  package static func standard(in context: StageContext) -> CriterionSettings {
    CriterionSettings(
      criterion: .ec, metric: context.task == .regression ? .output : .fisher)
  }

  /// With what compensation criteria come where none is stated, in words: `of ec ec, of …, of others none`.
  package static var published: String {
    let criteria = Criterion.allCases.filter { $0.publishedCompensation != .none }
    return criteria.map { "of \($0.rawValue) \($0.publishedCompensation.rawValue)" }
      .joined(separator: ", ") + ", of others none"
  }

  /// Reports what does not go together with a budget's portions.
  private static func check(
    _ keys: KeyedFields, steps: Int?, _ granularity: PruningGranularity
  ) {
    let isGrouped = granularity.pattern != nil
    if isGrouped || granularity == .unit {
      keys["regrow"]?.report(
        KeyFault.conflict(with: "granularity: " + (isGrouped ? "n_of_m" : "unit")))
    }
    if isGrouped, let steps, steps > 1 {
      keys["steps"]?.report(KeyFault.conflict(with: "granularity: n_of_m"))
    }
  }

  /// - Parameter compensation: nil for that of the criterion's paper.
  package init(
    criterion: Criterion, metric: OutputMetric, compensation: Compensation? = nil,
    probes: Int = ScoringDraws.standardProbes, samples: Int? = nil, steps: Int = 1,
    regrow: Double? = nil, refine: Refinement? = nil, force: Bool = false
  ) {
    self.criterion = criterion
    self.metric = metric
    self.compensation = compensation ?? criterion.publishedCompensation
    self.probes = probes
    self.samples = samples
    self.steps = steps
    self.regrow = regrow
    self.refine = refine
    self.force = force
  }

  /// The numbers of steps, of probes and of samples that there may be.
  package static let stepRange = 1...GeometricSteps.mostSteps
  package static let probeRange = 1...1_000_000
  package static let sampleRange = 1...1_000_000_000

  /// `all`, or a number.
  private static var samples: Form<Int?> {
    let number = Form.integer(sampleRange).reading { field in
      guard let text = field.plainText, NumberSyntax(text) != nil else {
        field.reportKind(expected: "a whole number, or all")
        return nil
      }
      return Form.integer(sampleRange).read(field)
    }
    return number.or("all", as: "all")
  }

  /// Why the criterion cannot be used here.
  private static func conflict(
    _ criterion: Criterion?, _ budget: Budget?, _ loss: Loss
  ) -> RelationFault? {
    guard let own = criterion?.under(.none) else { return nil }
    if own.scope == .row, let budget, budget.rule.basis == .importances {
      return .ranksRows(criterion: own.name, policy: budget.name)
    }
    if own.isSigned, budget?.policy == .lamp {
      return .ranksSigned(criterion: own.name, policy: "lamp")
    }
    let isCurved = loss.curvatureFactor(outputs: 1) != nil
    return own.needsCurvature && !isCurved ? .lossWithoutCurvature(loss: loss.word) : nil
  }

  /// All settings, defaults written out.
  package var json: JSONObject { Self.block(budget: nil, in: .undecided).encode(self) }

  /// Those that a stage's result depends on: all but `force`, which only says that it may be computed.
  package var resultSettings: JSONObject {
    Self.block(budget: nil, in: .undecided).encodeResult(self)
  }
}
