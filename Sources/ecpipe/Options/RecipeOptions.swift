import ArgumentParser
import Pruning
import Runs
import Schedules

/// How a network is pruned, as far as somebody states it.
struct RecipeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Which weights matter least: \(list(criteria)). Without it, ec.", valueName: "name"),
    completion: .list(criteria))
  var criterion: String?

  @Option(
    help: ArgumentHelp(
      "How a change of the outputs counts: \(list(metrics)). Without it, fisher or output.",
      valueName: "name"), completion: .list(metrics))
  var metric: String?

  @Option(
    help: ArgumentHelp(
      "What makes up for removed weights: \(list(compensations)). Without it, least_squares; beside "
        + "--criterion, that of its paper.", valueName: "name"), completion: .list(compensations))
  var compensation: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Prune in so many steps, each measured anew. Without it, \(CriterionSettings.bestSteps); beside "
        + "--criterion, 1.", valueName: "k"))
  var steps: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Score on so many of the samples, drawn by --seed. Without it, on all.", valueName: "n"))
  var samples: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Random combinations that stand for more than 64 outputs.", valueName: "n"))
  var probes = ScoringDraws.standardProbes

  @Option(
    help: ArgumentHelp(
      "Refine all survivors together after the last step, by a full-batch second-order training step toward "
        + "the outputs before, the labels, or both.", valueName: "target"),
    completion: .list(targets))
  var refine: String?

  @Flag(help: "Let the criterion nonlinear take as long as it takes.")
  var force = false

  private static let criteria = Criterion.allCases.map(\.rawValue)
  private static let metrics = OutputMetric.allCases.map(\.rawValue)
  private static let compensations = CompensationName.allCases.map(\.rawValue)

  private static let targets = Refinement.Target.allCases.map(\.rawValue)

  private static func list(_ words: [String]) -> String { words.joined(separator: ", ") }

  func validate() throws {
    try Self.check("--criterion", criterion, among: Self.criteria)
    try Self.check("--metric", metric, among: Self.metrics)
    try Self.check("--compensation", compensation, among: Self.compensations)
    try Self.check("--refine", refine, among: Self.targets)
    try Self.check("--steps", steps, CriterionSettings.stepRange)
    try Self.check("--probes", probes, CriterionSettings.probeRange)
    try Self.check("--samples", samples, CriterionSettings.sampleRange)
  }

  /// What was stated.
  var recipe: PruningRecipe {
    var recipe = PruningRecipe()
    recipe.criterion = criterion.flatMap(Criterion.init(rawValue:))
    recipe.compensation = compensation.flatMap(CompensationName.init(rawValue:))
    recipe.steps = steps
    recipe.metric = metric.flatMap(OutputMetric.init(rawValue:))
    recipe.probes = probes
    recipe.samples = samples
    recipe.refine = refine.flatMap(Refinement.Target.init(rawValue:))
    recipe.force = force
    return recipe
  }
}
