import Datasets
import NeuralNetworks
import Testing

@Suite("Columns that are chosen")
struct ColumnSettingsTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private static let text = "id,age,age_note,*,y,height\n7,1,2,3,4,5\n8,6,7,8,9,10\n9,0,0,0,0,0\n"

  private func read(
    _ columns: ColumnSettings, labels: [ColumnSelector] = [.name("y")], text: String = text
  ) throws -> Dataset {
    try CSVReader.dataset(
      try folder.write("d.csv", text), labels: labels, columns: columns, task: .regression)
  }

  private func complaint(
    _ columns: ColumnSettings, labels: [ColumnSelector] = [.name("y")], text: String = text
  ) throws -> String? {
    let path = try folder.write("d.csv", text)
    return datasetError { () throws(DatasetError) in
      try CSVReader.dataset(path, labels: labels, columns: columns, task: .regression)
    }?.description.replacing("\(folder.path)/", with: "")
  }

  @Test("inputs are those that are named, in that order; patterns and indices name several")
  func inputs() throws {
    for (selectors, names) in [
      ([.name("height"), .name("age")], ["height", "age"]), ([.index(1)], ["age"]),
      ([.name("age*")], ["age", "age_note"]), ([.name("?ge")], ["age"]),
      // A name that looks like a pattern is that name.
      ([.name("*")], ["*"]), ([.name("h*"), .name("*e*")], ["height", "age", "age_note"]),
    ] as [([ColumnSelector], [String])] {
      let data = try read(ColumnSettings(inputs: selectors))
      #expect(data.featureNames == names)
      #expect(
        data.interface?.table?.ignored.compactMap(\.name)
          == ["id", "age", "age_note", "*", "height"].filter { !names.contains($0) })
    }
  }

  @Test("what is ignored is left out, and the model knows that it was there")
  func ignored() throws {
    let data = try read(ColumnSettings(ignored: [.name("age*"), .name("id"), .index(3)]))
    #expect(data.featureNames == ["height"] && data.inputs.elements == [5, 10, 0])
    #expect(
      data.interface
        == ModelInterface(
          inputs: [ModelInterface.Input(name: "height", position: 5)],
          targets: [ModelInterface.Column(name: "y", position: 4)],
          table: ModelInterface.Table(
            delimiter: ",", decimalSign: ".", header: true,
            ignored: [
              .init(name: "id", position: 0), .init(name: "age", position: 1),
              .init(name: "age_note", position: 2), .init(name: "*", position: 3),
            ])))
    // A pattern never takes the target.
    #expect(
      try read(ColumnSettings(ignored: [.name("?")]), labels: [.name("y")]).targets.width == 1)
  }

  @Test("selectors that select nothing, or the target, are named")
  func wrong() throws {
    #expect(
      try complaint(ColumnSettings(ignored: [.name("hieght")]))
        == "d.csv: there is no column \"hieght\"; did you mean \"height\"? The columns are \"id\", \"age\", "
        + "\"age_note\", \"*\", \"y\", \"height\", the delimiter found is ,")
    #expect(
      try complaint(ColumnSettings(inputs: [.name("x*")]))
        == "d.csv: no name of a column fits \"x*\"; the columns are \"id\", \"age\", \"age_note\", \"*\", "
        + "\"y\", \"height\"")
    #expect(
      try complaint(ColumnSettings(ignored: [.name("y")]))
        == "d.csv: column \"y\" is the target and is left out as well; choose another label, or do not "
        + "ignore it")
    #expect(
      try complaint(ColumnSettings(inputs: [.name("y"), .name("age")]))
        == "d.csv: column \"y\" is the target and an input as well; choose another label, or leave it out "
        + "of inputs")
  }

  @Test("an index of rows is pointed out by its name and by its numbers")
  func index() throws {
    let notes = try read(ColumnSettings()).notes
    #expect(
      notes.map { $0.replacing("\(folder.path)/", with: "") } == [
        "d.csv: column \"id\" only numbers the rows and is an input; write ignore: [id] to leave it out"
      ])
    #expect(
      try read(ColumnSettings(ignored: [.index(1)])).notes.first?
        .hasSuffix("is an input; add id to ignore to leave it out") == true)
    for text in ["Id,a,y\n1,2,3\n1,5,6\n2,0,0\n", "ids,a,y\n1,2,3\n2,5,6\n3,0,0\n"] {
      #expect(try read(ColumnSettings(), text: text).notes == [])
    }
  }

  @Test("a column without a name is named by its place")
  func nameless() throws {
    #expect(
      try complaint(ColumnSettings(), text: "a,,y\n1,x2,3\n4,5,6\n7,8,9\n")
        == "d.csv, line 2, column 1 (no name): \"x2\" is not a number; correct it or remove the row"
    )
  }

  @Test("pandas' name of a column without a name selects it")
  func unnamed() throws {
    let data = try read(
      ColumnSettings(ignored: [.name("Unnamed: 0")]), text: ",a,y\n0,2,3\n1,5,6\n2,8,9\n")
    #expect(data.featureNames == ["a"])
  }

  @Test("a target of text asks for classification, names that were said to be data for a header")
  func targets() throws {
    #expect(
      try complaint(ColumnSettings(oneHot: .error), text: "a,y\n1,red\n2,blue\n3,red\n")
        == "d.csv: column \"y\", the target, holds text (\"red\" in line 2 and 2 others); write task: "
        + "classification, or choose another label")
    let path = try folder.write("h.csv", "a,y\n1,2\n2,3\n")
    let error = datasetError { () throws(DatasetError) in
      try CSVReader.dataset(
        path, format: CSVFormat(header: false), labels: [.last], task: .regression)
    }
    #expect(error?.description.contains("write header: true if the line holds names") == true)
  }

  @Test("inputs that are named twice are an error")
  func twice() throws {
    #expect(
      try complaint(ColumnSettings(inputs: [.name("age"), .name("age")]))
        == "d.csv: column \"age\" is selected twice; name each column once")
  }
}
