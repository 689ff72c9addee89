import ArgumentParser
import Datasets

/// How a CSV file on the command line is laid out.
struct TableOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What stands between the fields of a CSV: comma, semicolon, tab or bar. Without it, that of the "
        + "model's data.",
      valueName: "name"))
  var delimiter: String?

  @Flag(
    inversion: .prefixedNo,
    help: ArgumentHelp(
      "Whether the first row of a CSV holds names. Without it, as in the model's data, or found out."
    ))
  var header: Bool?

  private static let delimiters: [(name: String, delimiter: CSVFormat.Delimiter)] = [
    ("comma", .comma), ("semicolon", .semicolon), ("tab", .tab), ("bar", .bar),
  ]

  func validate() throws {
    try Self.check("--delimiter", delimiter, among: Self.delimiters.map(\.name))
  }

  /// The layout that the options say.
  var format: CSVFormat {
    let named = Self.delimiters.first { $0.name == delimiter }
    return CSVFormat(delimiter: named?.delimiter, header: header)
  }
}
