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
package struct CriterionSettings: Sendable, Equatable {
  /// How the importance of a weight is defined.
  package enum Criterion: String, Sendable, CaseIterable {
    /// Elimination-compensation.
    case ec
    case magnitude
    case gradientMagnitude = "gradient_magnitude"
    case gradientMagnitudeSigned = "gradient_magnitude_signed"
    case taylor, variance, wanda, obd, random, nonlinear
  }

  /// How survivors make up for removed weights.
  package enum Compensation: String, Sendable, CaseIterable {
    /// Not at all.
    case none
    /// Each unit keeps its mean.
    case mean
    /// Each bias shifts as elimination-compensation under the metric finds best.
    case ec
    /// Each row's survivors are refitted.
    case leastSquares = "least_squares"
  }

  /// ec unless stated.
  package let criterion: Criterion
  /// fisher for classification and output for regression, unless stated; of the criteria ec and taylor,
  /// and of the compensations ec and least_squares.
  package let metric: OutputMetric
  /// ec unless stated, whatever the criterion.
  package let compensation: Compensation
  /// Random combinations that stand for more than 64 outputs.
  package let probes: Int
  /// Samples of the training part that weights are scored on; nil for all.
  package let samples: Int?
  /// Steps in which the stage's weights go, importances measured anew before each.
  package let steps: Int
  /// The share of each layer's kept weights that is exchanged for pruned ones, in (0, 1); nil for none.
  package let regrow: Double?
  /// Whether a criterion may take as long as it takes.
  package let force: Bool

  /// The keys that set it.
  package static let keys = [
    "criterion", "metric", "compensation", "probes", "samples", "steps", "regrow", "force",
  ]

  /// Reads the keys; nil where something is wrong.
  ///
  /// - Parameter budget: what the criterion has to go together with; nil where it is wrong.
  package init?(decoding keys: KeyedFields?, budget: Budget?, in context: StageContext) {
    let criterion = keys?["criterion"].map { $0.word("criterion") } ?? Criterion.ec
    let standard: OutputMetric = context.task == .regression ? .output : .fisher
    let metric = keys?["metric"].map { $0.word("metric") } ?? standard
    let compensation = keys?["compensation"].map { $0.word("compensation") } ?? Compensation.ec
    let probes = keys?["probes"].map { $0.integer(Self.probeRange) } ?? ScoringDraws.standardProbes
    let samples = keys?["samples"].map(Self.samples) ?? .some(nil)
    let steps = keys?["steps"].map { $0.integer(Self.stepRange) } ?? 1
    let regrow = keys?.optional("regrow") { $0.number(.openUnit) } ?? .some(nil)
    let force = keys?["force"].map { $0.boolean() } ?? false
    if let fault = Self.conflict(criterion, budget, context.training.loss) {
      keys?["criterion"]?.report(fault)
      return nil
    }
    let isSound = Self.fits(keys, steps: steps, budget: budget)
    guard let criterion, let metric, let compensation, let probes, let samples, let steps,
      let regrow, let force, isSound
    else { return nil }
    self.init(
      criterion: criterion, metric: metric, compensation: compensation, probes: probes,
      samples: samples, steps: steps, regrow: regrow, force: force)
  }

  /// Whether the budget's portions let weights grow back and go in `steps`; what does not is reported.
  private static func fits(_ keys: KeyedFields?, steps: Int?, budget: Budget?) -> Bool {
    guard let keys, let budget else { return true }
    let isGrouped = budget.granularity.pattern != nil
    var isSound = true
    if isGrouped || budget.granularity == .unit, let field = keys["regrow"] {
      field.report(KeyFault.conflict(with: "granularity: " + (isGrouped ? "n_of_m" : "unit")))
      isSound = false
    }
    if isGrouped, let steps, steps > 1 {
      keys["steps"]?.report(KeyFault.conflict(with: "granularity: n_of_m"))
      isSound = false
    }
    return isSound
  }

  /// Settings from a command line.
  package init(
    criterion: Criterion, metric: OutputMetric, compensation: Compensation,
    probes: Int = ScoringDraws.standardProbes, samples: Int? = nil, steps: Int = 1,
    regrow: Double? = nil, force: Bool = false
  ) {
    self.criterion = criterion
    self.metric = metric
    self.compensation = compensation
    self.probes = probes
    self.samples = samples
    self.steps = steps
    self.regrow = regrow
    self.force = force
  }

  /// The numbers of steps and of probes that there may be.
  package static let stepRange = 1...GeometricSteps.mostSteps
  package static let probeRange = 1...1_000_000

  /// `all`, or a number; nil where something is wrong.
  private static func samples(_ field: Field) -> Int?? {
    if field.plainText == "all" { return .some(nil) }
    guard let text = field.plainText, NumberSyntax(text) != nil else {
      field.reportKind(expected: "a whole number, or all")
      return nil
    }
    return field.integer(1...1_000_000_000).map { .some($0) }
  }

  /// Why the criterion cannot be used here.
  private static func conflict(
    _ criterion: Criterion?, _ budget: Budget?, _ loss: Loss
  ) -> RelationFault? {
    switch criterion {
    case .wanda:
      guard let budget, budget.rule.basis == .importances else { return nil }
      return .ranksRows(criterion: Criterion.wanda.rawValue, policy: budget.name)
    case .gradientMagnitudeSigned:
      guard budget?.policy == .lamp else { return nil }
      return .ranksSigned(criterion: Criterion.gradientMagnitudeSigned.rawValue, policy: "lamp")
    case .obd:
      return loss.curvatureFactor(outputs: 1) == nil ? .lossWithoutCurvature(loss: loss.word) : nil
    default: return nil
    }
  }

  /// All settings, defaults written out.
  package var json: JSONObject {
    var result = resultSettings
    result["force"] = JSONValue(force)
    return result
  }

  /// Those that a stage's result depends on: all but `force`, which only says that it may be computed.
  package var resultSettings: JSONObject {
    var result: JSONObject = [
      "criterion": .string(criterion.rawValue), "metric": .string(metric.rawValue),
      "compensation": .string(compensation.rawValue), "probes": JSONValue(probes),
      "samples": samples.map { JSONValue($0) } ?? "all", "steps": JSONValue(steps),
    ]
    if let regrow { result["regrow"] = JSONValue(regrow) }
    return result
  }
}
