import ArgumentParser
import Formats
import Pipeline

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measure a model on a part of its data, or on other data.",
    discussion: """
      Without --data, the part of the run's own data that --part names. With --data, a CSV file \
      whose label column --label selects, or an NPY file with its labels in --labels.
      """)

  @Argument(help: "A checkpoint, or a run, which stands for its result.")
  var model: String

  @Option(help: "train, validation or test.")
  var part = "test"

  @Option(help: "A CSV, NPY or NPZ file of samples.")
  var data: String?

  @Option(help: "An NPY or NPZ file with the targets of --data.")
  var labels: String?

  @Option(parsing: .singleValue, help: "The label column of a CSV: last, an index or a name.")
  var label: [String] = ["last"]

  @OptionGroup var folders: FolderOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting {
      let path = try folders.locator.checkpoint(model)
      let evaluation = ModelEvaluation(checkpoint: path, environment: { Output.environment($0) })
      let measured: PartMetrics
      if let data {
        let source: DataSource =
          labels.map { .npy(inputs: ArrayFile(data), targets: ArrayFile($0)) }
          ?? .csv(data, labels: label.map(ColumnSelector.init))
        measured = try evaluation.metrics(on: source, pool: threads.pool)
      } else {
        guard let part = DataPartName(rawValue: part) else {
          throw RunFailure.invalid("--part \(part): allowed are train, validation and test")
        }
        measured = try evaluation.metrics(on: part, pool: threads.pool)
      }
      if output.json {
        let json: JSONValue = [
          "format": 1, "checkpoint": .string(path), "metrics": PartMetrics.json([measured]),
        ]
        output.line(json.readable)
      } else {
        output.line(
          "\(measured.part): loss \(Figures.loss(measured.metrics.loss)), "
            + Figures.quality(measured.metrics))
      }
    }
  }
}
