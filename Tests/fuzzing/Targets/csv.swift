@testable import Datasets

/// CSV: the first byte chooses delimiter, header and task, the rest is the text. A table that is
/// accepted is written with quotes and shortest numbers, and read again with the same bits.
func fuzz(_ input: [UInt8]) {
  guard let options = input.first else { return }
  let text = Array(input.dropFirst())
  let header: [Bool?] = [nil, false, true, nil]
  let format = CSVFormat(
    delimiter: CSVFormat.Delimiter.allCases[Int(options & 3)],
    header: header[Int(options >> 2 & 3)])
  switch options >> 4 & 3 {
  case 0: fuzzInputs(text, format, ignoring: [])
  case 1: fuzzInputs(text, format, ignoring: [.last])
  case 2: fuzzDataset(text, format, labels: [.last], task: .classification)
  default: fuzzDataset(text, format, labels: [.name("y"), .index(0)], task: .regression)
  }
}

private func fuzzInputs(_ text: [UInt8], _ format: CSVFormat, ignoring: [ColumnSelector]) {
  guard
    let read = decoded({
      try CSVReader.inputs(text, file: "a.csv", format: format, ignoring: ignoring)
    })
  else { return }
  let again = accepted("what is written is read") {
    try CSVReader.inputs(
      written(fields(of: read.inputs), read.names), file: "b.csv",
      format: CSVFormat(header: read.names != nil), ignoring: [])
  }
  requireSameBits(read.inputs, again.inputs, "the same matrix from what was written")
  require(read.names == again.names, "the same names from what was written")
}

private func fuzzDataset(
  _ text: [UInt8], _ format: CSVFormat, labels: [ColumnSelector], task: LearningTask
) {
  guard
    let dataset = decoded({
      try CSVReader.dataset(text, file: "a.csv", format: format, labels: labels, task: task)
    })
  else { return }
  var rows = fields(of: dataset.inputs)
  var targets: [ColumnSelector] = []
  switch dataset.targets {
  case .classes(let labels, let names):
    for (row, label) in labels.enumerated() { rows[row].append(quoted(names[Int(label)])) }
    targets = [.last]
  case .values(let values):
    for (row, fields) in fields(of: values).enumerated() { rows[row] += fields }
    targets = (0..<values.columns).map { .index(dataset.inputs.columns + $0) }
  }
  let targetNames = targets.indices.map { "target \($0)" }
  let again = accepted("what is written is read") {
    try CSVReader.dataset(
      written(rows, dataset.featureNames.map { $0 + targetNames }), file: "a.csv",
      format: CSVFormat(header: dataset.featureNames != nil), labels: targets, task: task)
  }
  require(again == dataset, "the same data set from what was written")
}

/// The numbers of each row.
private func fields(of matrix: DataMatrix) -> [[String]] {
  (0..<matrix.rows).map { row in (0..<matrix.columns).map { "\(matrix[row, $0])" } }
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
