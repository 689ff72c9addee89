import ArgumentParser
import Datasets
import ModelFiles
import Reports
import Runs
import Storage

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show in what two runs, or two models, differ.",
    discussion: """
      Settings by their key paths, layers (shapes, weights, the share of the kept weights that both keep), \
      metrics and sizes; with --data also what both answer for its rows. Settings and metrics are known of \
      models that lie in a run. The exit code is 0 whether they differ or not.
      """,
    examples: [
      "ecpipe diff digits digits-2", "ecpipe diff digits small.onnx --data new.csv",
    ])

  @Argument(help: anyModelHelp, completion: .models)
  var a: String

  @Argument(help: anyModelHelp, completion: .models)
  var b: String

  @Option(
    help: ArgumentHelp(
      "Inputs that both are asked about: an NPY, NPZ, IDX or CSV file, one sample a row.",
      valueName: "file"), completion: .samples)
  var data: String?

  @OptionGroup var table: TableOptions
  @OptionGroup var folders: FolderOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let models = try [a, b].map { name in
      try ComparedModel(name: name, path: folders.locator.checkpoint(name))
    }
    var told: [Notice] = []
    func tell(_ notice: Notice) {
      if !told.contains(notice) {
        told.append(notice)
        output.tell(notice)
      }
    }
    models.compactMap(\.loss).map(Notice.warning).forEach(tell)
    models.flatMap(\.model.notes).map(Notice.note).forEach(tell)
    if let note = ModelDifference.otherRows(models[0], models[1]) { tell(.warning(note)) }
    let predictions = try data.map { data in
      try PredictionDifference(
        models[0].model, models[1].model, data: data, format: table.format,
        columns: table.columns, pool: threads.pool, tell: tell)
    }
    // Of one after the other it finds out what it takes in every form, and what the first takes stays.
    let count = models.map(\.model.state.originalWeightCount).max() ?? 0
    try WorkMemory.demand(
      ModelSizes.memory(weightCount: count) + 16 * Double(count), for: "comparing \(a) with \(b)",
      advice: "name smaller models", present: MemoryAllowance.present)
    let difference = ModelDifference(models[0], models[1])
    try output.print(
      difference.json(predictions), or: DiffText(difference, predictions, width: Output.width).lines
    )
  }
}
