import ArgumentParser
import Formats
import Pipeline

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Compute a model's outputs for raw inputs.",
    discussion: """
      Inputs are raw: the checkpoint's scaling is applied. The output is a float32 NPY file \
      [rows, outputs]: logits for a classifier, values in original units for a regression.
      """)

  @Argument(help: "A checkpoint, or a run, which stands for its result.")
  var model: String

  @Option(help: "Inputs: an NPY, NPZ, IDX or CSV file, one sample a row.")
  var data: String

  @Option(help: "The NPY file to write.")
  var output: String

  @Flag(help: "Write class probabilities instead of logits.")
  var probabilities = false

  @Option(
    name: .customLong("ignore"), parsing: .singleValue,
    help: "A CSV column that is no input: a name, an index or last. May be repeated.")
  var ignored: [String] = []

  @OptionGroup var folders: FolderOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var show: OutputOptions

  func run() throws {
    try reporting {
      let path = try folders.locator.checkpoint(model)
      let prediction = Prediction(
        model: try StoredCheckpoint.contents(of: path).state, data: data,
        ignoredColumns: ignored.map(ColumnSelector.init), probabilities: probabilities)
      let shape = try prediction.write(to: output, pool: threads.pool)
      if show.json {
        let json: JSONValue = [
          "format": 1, "output": .string(output), "rows": JSONValue(shape.rows),
          "outputs": JSONValue(shape.outputs),
        ]
        show.line(json.readable)
      } else {
        show.line("\(output): \(Figures.grouped(shape.rows)) rows of \(shape.outputs) outputs")
      }
    }
  }
}
