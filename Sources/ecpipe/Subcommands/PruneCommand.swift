import ArgumentParser
import Datasets
import ModelFiles
import Pruning
import Runs
import Scheduler
import Schedules
import Storage

struct PruneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune", abstract: "Prune a trained network on data, without training.",
    discussion: """
      Removes weights, or units, of the whole network by one ranking (wanda: the same share of each row) \
      and makes up for them. Data are raw: a checkpoint's scaling is applied. A state dict keeps its tensors' names, as float32 with pruned \
      weights as exact zeros; of any other model, --output is what ecpipe export writes.

      With labels that are classes the metric is fisher, else output. Labels are classes where the \
      model has classes, or where they are one whole number a row below the number of outputs.
      """)

  @Argument(help: anyModelHelp)
  var model: String

  @Option(
    help: ArgumentHelp(
      "The samples to score weights on: an NPY, NPZ, IDX or CSV file of inputs, one sample a row.",
      valueName: "file"))
  var data: String

  @Option(
    help: ArgumentHelp(
      "The targets of --data: an NPY, NPZ or IDX file of classes or values.", valueName: "file"))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "The share of all weights that is removed in the end, such as 0.9; follows from n:m.",
      valueName: "sparsity"))
  var to: String?

  @Option(
    help: ArgumentHelp(
      "In what portions: weight, unit (whole hidden units), or n:m such as 2:4 (n of m weights of a "
        + "row stay).", valueName: "portions"))
  var granularity = "weight"

  @Option(help: ArgumentHelp("Which weights matter least: \(list(criteria)).", valueName: "name"))
  var criterion = Criterion.ec.rawValue

  @Option(
    help: ArgumentHelp(
      "How a change of the outputs counts: \(list(metrics)). Without it, fisher or output.",
      valueName: "name"))
  var metric: String?

  @Option(
    help: ArgumentHelp(
      "What makes up for removed weights: \(list(compensations)).", valueName: "name"))
  var compensation = CriterionSettings.Compensation.ec.rawValue

  @Option(
    help: ArgumentHelp("Prune in so many steps, each measured anew.", valueName: "k"))
  var steps = 1

  @Option(
    help: ArgumentHelp(
      "Score on so many of the samples, drawn by --seed. Without it, on all.", valueName: "n"))
  var samples: Int?

  @Option(
    help: ArgumentHelp(
      "Random combinations that stand for more than 64 outputs.", valueName: "n"))
  var probes = ScoringDraws.standardProbes

  @Option(help: ArgumentHelp("Of all that is drawn at random.", valueName: "n"))
  var seed: UInt64 = 0

  @Flag(help: "Let the criterion nonlinear take as long as it takes.")
  var force = false

  @Option(help: ArgumentHelp("The file to write: \(ModelFormats.suffixes).", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "Also write importance and bias shift of every weight to this .safetensors file: "
        + "hidden1.importance, hidden1.shift, …, output.shift, each [out, in].",
      valueName: "file"))
  var importance: String?

  @OptionGroup var stateDict: StateDictOptions
  @OptionGroup var folders: FolderOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var show: OutputOptions

  private static let criteria = Criterion.allCases.map(\.rawValue)
  private static let metrics = OutputMetric.allCases.map(\.rawValue)
  private static let compensations = CriterionSettings.Compensation.allCases.map(\.rawValue)

  private static func list(_ words: [String]) -> String { words.joined(separator: ", ") }

  func validate() throws {
    try Self.check("--criterion", criterion, among: Self.criteria)
    try Self.check("--metric", metric, among: Self.metrics)
    try Self.check("--compensation", compensation, among: Self.compensations)
    try Self.check("--steps", steps, CriterionSettings.stepRange)
    try Self.check("--probes", probes, CriterionSettings.probeRange)
    try Self.check("--samples", samples, CriterionSettings.sampleRange)
    guard let portions = PruningGranularity(word: granularity) else {
      throw ValidationError(
        "--granularity \(granularity): allowed are weight, unit, or n:m such as 2:4")
    }
    if case .groups = portions {
      guard to == nil, steps == 1 else {
        throw ValidationError(
          "--granularity \(granularity): it says itself how much is removed, in one step; leave "
            + (to == nil ? "--steps" : "--to") + " out")
      }
    } else if to == nil {
      throw ValidationError("--to is missing; give the fraction that is removed, such as 0.9")
    }
    _ = try sparsity()
    _ = try OutputFile.format(of: output)
    if let importance, !importance.hasSuffix(".safetensors"), !NamedFile(importance).isStream {
      throw ValidationError(
        "--importance \(importance): the name has to end in .safetensors, the form that is written")
    }
    if importance == output {
      throw ValidationError("--importance \(output): this is --output; choose another name")
    }
  }

  private func sparsity() throws -> Sparsity? {
    guard let to else { return nil }
    guard let value = Double(to) else {
      throw ValidationError("--to \(to): give the fraction that is removed, such as 0.9")
    }
    do {
      return try Sparsity(value)
    } catch {
      let meant = value > 1 && value < 100 ? "; did you mean \(value / 100)?" : ""
      throw ValidationError(
        "--to \(to): a sparsity is the fraction removed, at least 0 and below 1\(meant)")
    }
  }

  func run() throws {
    let path = try folders.locator.checkpoint(model)
    let inputs = [path, data, labels].compactMap { $0 }
    try OutputFile.check(output, against: inputs)
    if let importance {
      try OutputFile.check(importance, against: inputs, option: "--importance")
    }
    let stored = try StoredModel(path: path, activation: stateDict.given)
    let pruning = ModelPruning(
      model: stored,
      samples: labels.map { .labelled(.arrays(data: data, labels: $0)) } ?? .inputs(data),
      target: try sparsity(), granularity: PruningGranularity(word: granularity) ?? .weight,
      output: try OutputFile.format(of: output))
    // The words were checked before.
    let outcome = try pruning.run(
      metric: metric.flatMap(OutputMetric.init(rawValue:)), seed: seed,
      wantsScores: importance != nil, pool: try threads.pool
    ) { metric in
      CriterionSettings(
        criterion: Criterion(rawValue: criterion) ?? .ec, metric: metric,
        compensation: CriterionSettings.Compensation(rawValue: compensation) ?? .ec,
        probes: probes, samples: samples, steps: steps, force: force)
    }
    if let importance, let scores = outcome.scores {
      let file = try TensorFile.bytes(
        of: scores.flatMap { scores in
          [
            ("\(scores.layer).importance", scores.importance),
            ("\(scores.layer).shift", scores.shift),
          ]
        })
      try NamedFile(importance).write(file)
    }
    try NamedFile(output).write(outcome.bytes)
    try report(outcome, of: stored)
  }

  private func report(_ outcome: ModelPruning.Outcome, of stored: StoredModel) throws {
    func line(_ text: String) throws { try show.line(text, beside: [output, importance]) }
    let report = outcome.report
    let total = report.layers.reduce(0) { $0 + $1.weights }
    let sparsity = 1 - Double(report.remaining) / Double(max(total, 1))
    if show.json {
      let json: JSONValue = [
        "format": 1, "model": .string(stored.path), "output": .string(output),
        "bytes": JSONValue(outcome.bytes.count), "importance": JSONValue(importance),
        "criterion": .string(criterion), "metric": .string(outcome.metric.rawValue),
        "compensation": .string(compensation), "granularity": .string(granularity),
        "steps": JSONValue(steps),
        "samples": JSONValue(outcome.samples), "weights": JSONValue(report.remaining),
        "total": JSONValue(total), "removed": JSONValue(report.removed),
        "sparsity": JSONValue(sparsity),
        "output_error_saved": JSONValue(report.compensation?.outputs.saving),
        "layers": .array(
          report.layers.map { layer in
            [
              "name": .string(layer.name), "weights": JSONValue(layer.remaining),
              "total": JSONValue(layer.weights), "removed": JSONValue(layer.removed),
              "removed_units": JSONValue(layer.units),
              "largest_removed_importance": JSONValue(
                layer.largestRemovedImportance.map(Double.init)),
            ]
          }),
      ]
      return try line(json.readable)
    }
    try line(
      "\(output): \(Figures.grouped(report.remaining)) of \(Figures.grouped(total)) weights left, "
        + "sparsity \(Figures.percent(sparsity, 2)); metric \(outcome.metric.rawValue) on "
        + "\(Figures.grouped(outcome.samples)) samples")
    if let errors = report.compensation?.outputs {
      try line(
        "refitting the survivors saves \(Figures.percent(errors.saving, 1)) of the squared output error "
          + "that bias shifts alone would leave")
    }
    let showsUnits = granularity == "unit"
    var table = TextTable(
      [("layer", .left), ("weights", .right), ("removed", .right)]
        + (showsUnits ? [("units removed", .right)] : []))
    for layer in report.layers {
      table.add(
        [layer.name, Figures.grouped(layer.remaining), Figures.grouped(layer.removed)]
          + (showsUnits ? [Figures.grouped(layer.units)] : []))
    }
    for text in table.lines { try line(text) }
  }
}
