import ArgumentParser
import Datasets
import Runs

/// What a command does with samples, in the words of its help.
protocol SamplePurpose {
  /// Of those that it looks at.
  static var data: String { get }
  /// Of those that it measures on alone.
  static var test: String { get }
}

/// Weights are scored on them.
enum SamplesToScore: SamplePurpose {
  static let data = "The samples to score weights on, one a row: an NPY, NPZ, IDX or CSV file."
  static let test =
    "Samples on which the network is measured before and after, in the same forms as --data; "
    + "weights are never scored on them."
}

/// Scales of bytes are found on them.
enum SamplesToCalibrate: SamplePurpose {
  static let data =
    "With --int8: the samples to find scales on, one a row: an NPY, NPZ, IDX or CSV file. Without it, the "
    + "training part of the model's run."
  static let test =
    "With --int8: samples on which both networks are measured, in the same forms as --data; no scale is "
    + "found on them. Without it, the validation part of the run, else --data."
}

/// The files of samples that a command looks at for `Purpose` and measures on.
struct SampleOptions<Purpose: SamplePurpose>: ParsableArguments {
  @Option(
    help: ArgumentHelp("\(Purpose.data)", valueName: "file"), completion: .samples)
  var data: String?

  @Option(
    help: ArgumentHelp(
      "The targets of --data, where they are not in it: an NPY, NPZ, IDX or CSV file of classes or "
        + "values.", valueName: "file"), completion: .samples)
  var labels: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "The column of a CSV that is to be predicted, in --data and --test: last, an index from 0 or a "
        + "name; or none, so that labels count for nothing. May be repeated. Without it, what the model "
        + "knows, or last.",
      valueName: "column"))
  var label: [String] = []

  @Option(
    name: .customLong("test"),
    help: ArgumentHelp("\(Purpose.test)", valueName: "file"), completion: .samples)
  var testData: String?

  @Option(
    help: ArgumentHelp("The targets of --test, likewise.", valueName: "file"), completion: .samples)
  var testLabels: String?

  func validate() throws {
    for (option, value, data) in [
      ("labels", labels, self.data), ("test-labels", testLabels, testData),
    ] where value != nil {
      let samples = option == "labels" ? "data" : "test"
      if data == nil { throw ValidationError("--\(option) belongs to --\(samples); add it") }
    }
    if !label.isEmpty, data == nil && testData == nil {
      throw ValidationError("--label belongs to --data or --test; add one of them")
    }
    if !label.isEmpty, labels != nil || testLabels != nil {
      throw ValidationError(
        "--label selects a column, --\(labels == nil ? "test-labels" : "labels") names a file; leave "
          + "one of them out")
    }
  }

  /// All files that are read.
  var files: [String] { [data, labels, testData, testLabels].compactMap { $0 } }

  /// What is looked at; nil for nothing.
  func scored(_ table: TableOptions) -> SampleFiles? { files(data, labels, table) }

  /// What the network is measured on; nil for nothing of its own.
  func test(_ table: TableOptions) -> SampleFiles? { files(testData, testLabels, table) }

  private func files(_ data: String?, _ labels: String?, _ table: TableOptions) -> SampleFiles? {
    let isWithoutLabels = label == ["none"]
    return data.map {
      SampleFiles(
        data: $0, labels: labels,
        label: labels == nil && !isWithoutLabels ? label.map(ColumnSelector.init) : [],
        isWithoutLabels: isWithoutLabels, layout: table.format, columns: table.columns)
    }
  }
}
