import ArgumentParser
import Datasets

/// How a CSV file on the command line is laid out, and which of its columns are left out.
struct TableOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What stands between the fields of a CSV: comma, semicolon, tab or bar, or the character itself. "
        + "Without it, the first lines show it.", valueName: "name"),
    completion: .list(CSVFormat.Delimiter.allCases.map(\.word)))
  var delimiter: String?

  @Option(
    help: ArgumentHelp(
      "What stands between the whole and the fraction of numbers in a CSV: point or comma, or "
        + "the sign itself. Without it, what the model was made with, or point.", valueName: "name"),
    completion: .list(CSVFormat.DecimalSign.allCases.map(\.word)))
  var decimal: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Whether the first line of a CSV holds names. Without it, that is found out.")
  var header: Bool?

  @Option(
    name: .customLong("ignore"), parsing: .singleValue,
    help: ArgumentHelp(
      "A column of a CSV that is left out, beside those that the model was trained without: a name, a "
        + "pattern with * and ?, an index from 0 or last. May be repeated.", valueName: "column"))
  var ignored: [String] = []

  @Option(
    name: .customLong("marker"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A text that stands for a missing value in a CSV, beside an empty field. May be repeated. Without "
        + "it, what the model was made with, or NA, N/A, NaN, null, None and ?.", valueName: "text")
  )
  var markers: [String] = []

  /// The columns that are left out, and what is missing.
  var columns: ColumnSettings {
    ColumnSettings(
      ignored: ignored.map(ColumnSelector.init), markers: markers.isEmpty ? nil : markers)
  }

  func validate() throws {
    let delimiters = CSVFormat.Delimiter.allCases
    if delimiters.allSatisfy({ $0.rawValue != delimiter }) {
      try Self.check("--delimiter", delimiter, among: delimiters.map(\.word))
    }
    let signs = CSVFormat.DecimalSign.allCases
    if signs.allSatisfy({ $0.rawValue != decimal }) {
      try Self.check("--decimal", decimal, among: signs.map(\.word))
    }
  }

  /// The layout that the options say.
  var format: CSVFormat {
    CSVFormat(
      delimiter: CSVFormat.Delimiter.allCases.first { [$0.word, $0.rawValue].contains(delimiter) },
      header: header,
      decimal: CSVFormat.DecimalSign.allCases.first { [$0.word, $0.rawValue].contains(decimal) })
  }
}
