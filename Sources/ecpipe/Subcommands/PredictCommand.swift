import ArgumentParser
import Datasets
import Runs
import Schedules
import Storage

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Compute a model's outputs for raw inputs.",
    discussion: """
      Inputs are raw: the model's scaling is applied. In a CSV its columns are found by their names, \
      whatever their order; the label columns and those that the model was trained without may be \
      there, others are an error that names them. Delimiter and header are found out \
      from each file, and the decimal sign is that of the training data, unless an option says otherwise. The name of the output says its form. A \
      .csv file has a header: of a classifier the class of each row, and with --probabilities a \
      column for every class; of a regression a column for every target, in original units. A .npy \
      file is float32 [rows, outputs], float64 where targets were scaled: logits for a classifier; a .npz file has the same as its array \
      outputs (or probabilities), and the names of its columns as classes or target_names. A pipe or device without a suffix, and - for standard output, get \
      a CSV unless --format says otherwise.
      """,
    examples: [
      "ecpipe predict digits --data new.csv --output answers.csv",
      "ecpipe predict digits --data new.npy --output - --probabilities",
    ])

  @Argument(help: anyModelHelp, completion: .models)
  var model: String

  @Option(
    help: ArgumentHelp(
      "Inputs: an NPY, NPZ (also FILE.npz:NAME), IDX or CSV file, one sample a row.",
      valueName: "file"), completion: .samples)
  var data: String

  @Option(
    help: ArgumentHelp(
      "The file to write: .csv, .npy or .npz; - for standard output.", valueName: "file"),
    completion: .anyFile)
  var output: String

  @Option(
    help: ArgumentHelp(
      "The form of the output: csv, npy or npz. Without it, what the name of --output ends in.",
      valueName: "name"))
  var format: PredictionForm?

  @Flag(help: "Write probabilities of the classes instead of logits; for classifiers alone.")
  var probabilities = false

  @OptionGroup var stateDict: StateDictOptions
  @OptionGroup var table: TableOptions
  @OptionGroup var folders: FolderOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var show: OutputOptions

  func validate() throws {
    // What is no file at all is said before any work, too.
    if FilePaths.isFolder(output) || format != nil && NamedFile(output).isStream { return }
    let named: PredictionForm = try OutputFile.form(of: output)
    if let format, named != format {
      throw ValidationError(
        "--format \(format.rawValue): the name \(output) says \(named.rawValue); leave --format out"
      )
    }
  }

  func run() throws {
    let path = try folders.locator.checkpoint(model)
    try OutputFile.check(output, against: [path, data])
    try DataFileNames.demand([data])
    let stored = try StoredModel(
      path: path, activation: stateDict.given, classes: stateDict.classes)
    try OutputFile.check(output, against: stored.attachments)
    stored.notes.forEach(show.note)
    let prediction = Prediction(
      model: probabilities ? stored.classifier : stored.state, file: path, data: data,
      format: table.format,
      columns: table.columns, probabilities: probabilities)
    let shape = try prediction.write(
      to: NamedFile(output), as: try format ?? OutputFile.form(of: output),
      pool: try threads.pool, tell: show.tell)
    try show.print(
      [
        "format": 1, "output": .string(output), "rows": JSONValue(shape.rows),
        "outputs": JSONValue(shape.outputs),
      ],
      or: [
        "\(output == "-" ? "standard output" : output): \(Figures.count(shape.rows, "row")) of \(Figures.count(shape.outputs, "output"))"
      ],
      beside: [output])
  }
}

extension PredictionForm: ExpressibleByArgument {}
