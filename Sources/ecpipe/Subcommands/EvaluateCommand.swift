import ArgumentParser
import Datasets
import Runs
import Schedules
import Storage

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measure a model on a part of its data, or on other data.",
    discussion: """
      Without --data, on the part of the run's own data that --part names. With --data, on all rows \
      of a CSV file, or of an array file (NPY, NPZ, IDX) whose targets are in --labels. Data are raw: \
      the model's scaling is applied. In a CSV the model's columns, its labels among them, are found by \
      their names, whatever their order. Delimiter and header are found out from each \
      file, and the decimal sign is that of the training data, unless an option says otherwise.
      """,
    examples: [
      "ecpipe evaluate digits --part validation",
      "ecpipe evaluate digits --data new.csv --label digit",
    ])

  @Argument(help: anyModelHelp, completion: .models)
  var model: String

  @Option(
    help: ArgumentHelp(
      "The part of the run's data; without it, test.", valueName: "part"))
  var part: DataPartName?

  @Option(
    help: ArgumentHelp("A CSV, NPY, NPZ or IDX file of samples.", valueName: "file"),
    completion: .samples)
  var data: String?

  @Option(
    help: ArgumentHelp(
      "The targets of --data, where they are not in it: an NPY, NPZ, IDX or CSV file.",
      valueName: "file"), completion: .samples)
  var labels: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "The column of a CSV to predict: last, an index from 0 or a name. May be repeated. "
        + "Without it, the model's label columns, or last.", valueName: "column"))
  var label: [String] = []

  @OptionGroup var stateDict: StateDictOptions
  @OptionGroup var table: TableOptions
  @OptionGroup var folders: FolderOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if data == nil, labels != nil || !label.isEmpty {
      throw ValidationError("--label and --labels belong to --data; add it, or leave them out")
    }
    if data == nil, stateDict.activation != nil || stateDict.classNames != nil {
      throw ValidationError(
        "--\(stateDict.activation == nil ? "classes" : "activation") is for a state dict, which has no data of its own; name them with --data"
      )
    }
    if let data, part != nil {
      throw ValidationError(
        "--part names a part of the run's own data, and --data \(data) is other data; "
          + "leave one of them out")
    }
    if labels != nil, !label.isEmpty {
      throw ValidationError(
        "--label selects a column, --labels names a file; leave one of them out")
    }
    if let data, labels == nil, DataFormats.isNamedArray(data) {
      throw ValidationError("--data \(data) holds no targets; name their file with --labels")
    }
  }

  func run() throws {
    let path = try folders.locator.checkpoint(model)
    let evaluation = ModelEvaluation(
      checkpoint: path, activation: stateDict.given, classes: stateDict.classes,
      surroundings: threads.surroundings)
    try DataFileNames.demand([data, labels].compactMap { $0 })
    let (measured, loss) =
      if let data {
        try evaluation.metrics(
          on: source(data), pool: try threads.pool, tell: output.tell)
      } else {
        try evaluation.metrics(on: part ?? .test, pool: try threads.pool)
      }
    try output.print(
      [
        "format": 1, "checkpoint": .string(path), "loss": .string(loss),
        "metrics": PartMetrics.json([measured]),
      ],
      or: MetricsText(measured.metrics, loss: loss).lines(of: measured.part))
  }

  /// The samples that the options name.
  private func source(_ data: String) -> DataSource {
    guard let labels else {
      return .csv(
        data, labels: label.map(ColumnSelector.init), format: table.format,
        columns: table.columns)
    }
    return .arrays(
      data: data, labels: labels, layout: table.format, columns: table.columns)
  }
}

extension DataPartName: ExpressibleByArgument {}
