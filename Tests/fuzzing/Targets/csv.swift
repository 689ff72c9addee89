@testable import Datasets

/// CSV: the first byte chooses delimiter, header, decimal sign and task, the rest is the text. A table that
/// is accepted is written with quotes and shortest numbers, and read again with the same bits; by what a
/// model would know of it, it is read as it was.
func fuzz(_ input: [UInt8]) {
  guard let options = input.first else { return }
  let text = Array(input.dropFirst())
  let header: [Bool?] = [nil, false, true, nil]
  let delimiters: [CSVFormat.Delimiter?] = [nil, .semicolon, .tab, .comma]
  let format = CSVFormat(
    delimiter: delimiters[Int(options & 3)], header: header[Int(options >> 2 & 3)],
    decimal: options >> 6 & 1 == 0 ? .point : .comma)
  let columns = ColumnSettings(
    oneHot: options >> 7 == 0 ? nil : .zeros, missing: options >> 7 == 0 ? .error : .drop)
  switch options >> 4 & 3 {
  case 0: fuzzInputs(text, format, columns)
  case 1: fuzzInputs(text, format, ColumnSettings(ignored: [.last]))
  case 2: fuzzDataset(text, format, columns, labels: [.last], task: .classification)
  default: fuzzDataset(text, format, columns, labels: [.name("y"), .index(0)], task: .regression)
  }
}

private func fuzzInputs(_ text: [UInt8], _ format: CSVFormat, _ columns: ColumnSettings) {
  guard
    let read = decoded({
      try CSVReader.inputs(
        .memory(text), file: "a.csv", TableRequest(format: format, columns: columns))
    })
  else { return }
  let again = accepted("what is written is read") {
    try CSVReader.inputs(
      .memory(written(fields(of: read.inputs, format), read.names)), file: "b.csv",
      TableRequest(format: written(format, names: read.names)))
  }
  requireSameBits(read.inputs, again.inputs, "the same matrix from what was written")
  require(read.names == again.names, "the same names from what was written")
}

private func fuzzDataset(
  _ text: [UInt8], _ format: CSVFormat, _ columns: ColumnSettings, labels: [ColumnSelector],
  task: LearningTask
) {
  let request = TableRequest(format: format, labels: labels, columns: columns, task: task)
  guard let dataset = decoded({ try CSVReader.dataset(.memory(text), file: "a.csv", request) })
  else {
    return
  }
  var rows = fields(of: dataset.inputs, format)
  var targets: [ColumnSelector] = []
  switch dataset.targets {
  case .classes(let labels, let names):
    for (row, label) in labels.enumerated() { rows[row].append(quoted(names[Int(label)])) }
    targets = [.last]
  case .values(let values):
    for (row, fields) in fields(of: values, format).enumerated() { rows[row] += fields }
    targets = (0..<values.columns).map { .index(dataset.inputs.columns + $0) }
  }
  let targetNames = targets.indices.map { "target \($0)" }
  let again = accepted("what is written is read") {
    try CSVReader.dataset(
      .memory(written(rows, dataset.featureNames.map { $0 + targetNames })), file: "a.csv",
      TableRequest(
        format: written(format, names: dataset.featureNames), labels: targets, task: task))
  }
  require(again.inputs == dataset.inputs, "the same inputs from what was written")
  require(again.targets == dataset.targets, "the same targets from what was written")
  require(again.featureNames == dataset.featureNames, "the same names from what was written")
  fuzzModel(text, dataset, request)
}

/// By what a model that is made of `dataset` knows, the same text is the same data.
private func fuzzModel(_ text: [UInt8], _ dataset: Dataset, _ request: TableRequest) {
  guard let interface = dataset.interface else { return }
  let names =
    (interface.inputs.map(\.name) + interface.targets.map(\.name)
    + (interface.table?.ignored.map(\.name) ?? [])).compactMap { $0 }
  // Of columns with one name, a model cannot tell the target from an input.
  guard Set(names).count == names.count else { return }
  var request = request
  request.labels = []
  request.context = ReadingContext(
    known: dataset.targets.classNames.map { KnownClasses(names: $0) }, interface: interface)
  let again = accepted("what a model knows is read") { [request] in
    try CSVReader.dataset(.memory(text), file: "a.csv", request)
  }
  require(again.inputs == dataset.inputs, "the same inputs for a model")
  require(again.targets == dataset.targets, "the same targets for a model")
}

/// The numbers of each row, in quotes as the sign may be the delimiter.
private func fields(of matrix: DataMatrix, _ format: CSVFormat) -> [[String]] {
  (0..<matrix.rows).map { row in
    (0..<matrix.columns).map { column in
      let sign = format.decimal == .comma ? "," : "."
      return quoted("\(matrix[row, column])".split(separator: ".").joined(separator: sign))
    }
  }
}

/// How rows are written that were read by `format`.
private func written(_ format: CSVFormat, names: [String]?) -> CSVFormat {
  CSVFormat(delimiter: .comma, header: names != nil, decimal: format.decimal)
}

/// Rows with commas between their fields, behind the names of the columns.
private func written(_ rows: [[String]], _ names: [String]?) -> [UInt8] {
  let lines = (names.map { [$0.map(quoted)] } ?? []) + rows
  return Array(lines.map { $0.joined(separator: ",") + "\n" }.joined().utf8)
}

/// A text in quotes, with the quotes inside doubled. By scalars: a quote and an accent behind it are
/// one character.
private func quoted(_ text: String) -> String {
  var scalars = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    scalars.append(scalar)
    if scalar == "\"" { scalars.append(scalar) }
  }
  return "\"\(String(scalars))\""
}
