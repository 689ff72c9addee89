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
      and makes up for them, and measures the network before and after. Unless stated: criterion ec, \
      compensation least_squares, in \(CriterionSettings.bestSteps) steps, which lost least of all that was tried. A criterion that is stated comes \
      as published: in one step, with the compensation of its paper (\(CriterionSettings.published)). So \
      --criterion ec alone is weaker than none; --steps and --compensation set both.

      Data are raw: a checkpoint's scaling is applied. A CSV has its labels in it: in the columns of \
      --label, else in those that the model knows, else in the last one; a CSV with as many columns as \
      the network has inputs has none, and --label none goes without. Without --data, a model of a run is pruned on the run's own data, and of \
      another, weights go by their magnitude. What is measured is measured on --test, else on \
      --data, and without labels against what the network answered before.

      A state dict keeps its tensors' names and shapes, as float32 with pruned \
      weights as exact zeros, so that it loads where it came from; with --shrink units that cannot matter are left \
      out, and shapes get smaller. Of any other model, --output is what ecpipe export writes, shrunk unless \
      --no-shrink is given.

      With labels that are classes the metric is fisher, else output. Labels are classes where the \
      model has classes, where they are one whole number a row below the number of outputs, or where \
      there are as many different ones as outputs.
      """,
    examples: [
      "ecpipe prune model.safetensors --data train.csv --to 0.9 --output small.onnx",
      "ecpipe prune digits --to 0.5 --granularity unit --output small.safetensors",
    ])

  @Argument(help: anyModelHelp, completion: .models)
  var model: String

  @OptionGroup var data: SampleOptions<SamplesToScore>

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of all weights that is removed in the end, such as 0.9, of those before the network was shrunk "
        + "where it was; follows from n:m.",
      valueName: "sparsity"))
  var to: String?

  @Option(
    help: ArgumentHelp(
      "In what portions: weight, unit (whole hidden units), or n:m such as 2:4 (n of m weights of a "
        + "row stay).", valueName: "portions"), completion: .list(["weight", "unit", "2:4"]))
  var granularity = "weight"

  @OptionGroup var recipe: RecipeOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Of all that is drawn at random.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp("The file to write: \(ModelFormats.suffixes).", valueName: "file"),
    completion: .anyFile)
  var output: String

  @Flag(
    inversion: .prefixedNo,
    help: "Leave out units that cannot matter; without either, of what is no state dict as it came."
  )
  var shrink: Bool?

  @Option(
    help: ArgumentHelp(
      "Also write importance and bias shift of every weight to this .safetensors file: "
        + "hidden1.importance, hidden1.shift, …, output.shift, each [out, in].",
      valueName: "file"), completion: .anyFile)
  var importance: String?

  @OptionGroup var stateDict: StateDictOptions
  @OptionGroup var table: TableOptions
  @OptionGroup var folders: FolderOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var show: OutputOptions

  func validate() throws {
    guard let portions = PruningGranularity(word: granularity) else {
      throw ValidationError(
        "--granularity \(granularity): allowed are weight, unit, or n:m such as 2:4")
    }
    if case .groups = portions {
      guard to == nil, recipe.steps ?? 1 == 1 else {
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
    let inputs = [path] + data.files
    try DataFileNames.demand(data.files)
    try OutputFile.checkModel(output, against: inputs)
    if let importance {
      try OutputFile.check(importance, against: inputs, option: "--importance")
    }
    let stored = try StoredModel(
      path: path, activation: stateDict.given, classes: stateDict.classes)
    try OutputFile.checkModel(output, against: stored.attachments)
    stored.notes.forEach(show.note)
    let pruning = ModelPruning(
      model: stored, samples: try samples(of: path), test: data.test(table),
      target: try sparsity(), granularity: PruningGranularity(word: granularity) ?? .weight,
      output: try OutputFile.format(of: output), at: output,
      shrinks: shrink)
    let outcome = try pruning.run(
      recipe.recipe, seed: seed, wantsScores: importance != nil, pool: try threads.pool)
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
    try OutputFile.format(of: output).losses(of: outcome.state).forEach(Output.warning)
    try OutputFile.write(outcome.files)
    let report = PruneReport(
      outcome: outcome, model: path, output: output, importance: importance,
      granularity: granularity, width: Output.width)
    outcome.notices.forEach(show.tell)
    if let warning = report.warning { Output.warning(warning) }
    try show.print(report.json, or: report.lines, beside: [output, importance])
  }

  /// What weights are scored on.
  private func samples(of path: String) throws -> ModelPruning.Samples {
    if let files = data.scored(table) { return .files(files) }
    return try OwnData(of: path, threads.surroundings).map { .own($0) } ?? .none
  }
}
