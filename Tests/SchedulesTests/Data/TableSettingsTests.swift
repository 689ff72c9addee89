import Datasets
import Schedules
import Storage
import Testing

@Suite("Settings of columns") struct TableSettingsTests {
  private func decode(_ data: String) throws(ScheduleError) -> DataSettings {
    try ScheduleText.decode(text(data)).data
  }

  private func text(_ data: String) -> String {
    """
    version: 1
    name: x
    data: {csv: a.csv, task: regression, \(data)}
    model: {hidden: [3]}
    stages: [train: {epochs: 1}]
    """
  }

  private func files(_ data: String) throws -> DataFiles {
    guard case .files(let files, _) = try decode(data).train else {
      throw ScheduleError.invalid(file: "", problems: [])
    }
    return files
  }

  @Test(
    "without them all columns are inputs, the file shows its layout, and what is odd is an error")
  func defaults() throws {
    let files = try files("label: y")
    #expect(files.columns == ColumnSettings())
    #expect(files.layout == CSVFormat(delimiter: nil, header: nil, decimal: nil))
  }

  @Test("inputs or columns to ignore are names, patterns and indices, one or several")
  func selection() throws {
    #expect(
      try files("inputs: [age, \"height*\", 3, last]").columns.inputs
        == [.name("age"), .name("height*"), .index(3), .last])
    #expect(try files("inputs: age").columns.inputs == [.name("age")])
    #expect(
      try files("ignore: [0, \"0\", id, \"Unnamed: *\"]").columns.ignored
        == [.index(0), .name("0"), .name("id"), .name("Unnamed: *")])
    #expect(try files("ignore: 0").columns.ignored == [.index(0)])
  }

  @Test(
    "text and missing values are treated as they say",
    arguments: [
      ("categorical: one_hot", ColumnSettings(oneHot: .error)),
      ("categorical: {one_hot: {}}", ColumnSettings(oneHot: .error)),
      ("categorical: {one_hot: {unknown: zeros}}", ColumnSettings(oneHot: .zeros)),
      ("missing: error", ColumnSettings()), ("missing: drop", ColumnSettings(missing: .drop)),
      ("missing: mean", ColumnSettings(missing: .mean)),
      (
        "missing: {mean: {markers: [\"-\", n/a, -999]}}",
        ColumnSettings(missing: .mean, markers: ["-", "n/a", "-999"])
      ),
      (
        "missing: {median: {targets: drop}}", ColumnSettings(missing: .median, dropsTargets: true)
      ),
      ("missing: {error: {markers: []}}", ColumnSettings(markers: [])),
      ("missing: {drop: {}}", ColumnSettings(missing: .drop)),
      ("missing: median, categorical: one_hot", ColumnSettings(oneHot: .error, missing: .median)),
    ])
  func treatment(data: String, columns: ColumnSettings) throws {
    #expect(try files(data).columns == columns)
  }

  @Test("the layout of the text is found out, or stated by name or sign")
  func layout() throws {
    #expect(try files("delimiter: auto").layout == CSVFormat())
    #expect(
      try files("delimiter: semicolon, decimal: comma").layout
        == CSVFormat(delimiter: .semicolon, decimal: .comma))
    #expect(
      try files("delimiter: \"|\", decimal: point, header: false").layout
        == CSVFormat(delimiter: .bar, header: false, decimal: .point))
  }

  @Test("each takes part in the canonical form, and what is the same as left out does not")
  func canonical() throws {
    let plain = try decode("label: y").canonical
    for same in ["delimiter: auto", "missing: error"] {
      #expect(try decode("label: y, \(same)").canonical == plain)
    }
    let others = [
      "inputs: [a]", "ignore: [a]", "ignore: [0]", "delimiter: comma", "decimal: point",
      "decimal: comma", "header: true", "categorical: one_hot",
      "categorical: {one_hot: {unknown: zeros}}", "missing: drop", "missing: mean",
      "missing: median", "missing: {median: {targets: drop}}",
    ]
    var forms = [plain.canonical]
    for other in others { forms.append(try decode("label: y, \(other)").canonical.canonical) }
    #expect(Set(forms).count == others.count + 1)
    #expect(
      try decode("categorical: one_hot").canonical
        == decode("categorical: {one_hot: {unknown: error}}").canonical)
  }

  @Test(
    "what is wrong is reported with its place",
    arguments: ProblemCase.table(
      """
      inputs: [a], ignore: [b]
      > 3:59: data.ignore: this does not go together with data.inputs; remove one of them

      ignore: []
      > 3:46: data.ignore: the list is empty; it needs at least one column

      ignore: [-1]
      > 3:47: data.ignore[0]: -1 is out of range; allowed: last, an index counted from 0, or a name

      decimal: dot
      > 3:47: data.decimal: unknown decimal sign "dot"; allowed: point, comma

      missing: fill
      > 3:47: data.missing: unknown treatment of missing values "fill"; allowed: error, drop, mean, median

      categorical: {one_hot: {unknown: zero}}
      > 3:71: data.categorical.one_hot.unknown: unknown treatment of unknown levels "zero"; did you mean \
      "zeros"? Allowed: error, zeros

      categorical: ordinal
      > 3:51: data.categorical: unknown treatment of text "ordinal"; did you mean \
      "one_hot"? Allowed: one_hot
      """))
  func wrong(example: ProblemCase) {
    #expect(ScheduleText.problems(text(example.yaml)) == example.problems)
  }
}
