import Datasets
import NeuralNetworks
import Testing

@Suite("Columns by what a model knows")
struct ColumnMatchingTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func model(
    _ text: String = "id,a,b,y\n7,1,2,3\n8,4,5,6\n",
    ignoring ignored: [ColumnSelector] = [.name("id")], _ format: CSVFormat = CSVFormat()
  ) throws -> ModelInterface {
    try #require(
      try CSVReader.dataset(
        try folder.write("train.csv", text), format: format, labels: [.index(3)],
        columns: ColumnSettings(ignored: ignored), task: .regression
      ).interface)
  }

  private func inputs(
    _ text: String, _ model: ModelInterface, ignoring ignored: [ColumnSelector] = []
  ) throws -> InputRows {
    try InputFile.read(
      try folder.write("d.csv", text), ignoring: ignored, interface: model)
  }

  private func data(
    _ text: String, _ model: ModelInterface, labels: [ColumnSelector] = []
  ) throws -> Dataset {
    try CSVReader.dataset(
      try folder.write("d.csv", text), labels: labels, task: .regression,
      context: ReadingContext(interface: model))
  }

  private func complaint(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return "\(error)".replacing("\(folder.path)/", with: "")
    }
  }

  @Test(
    "inputs are found by name, in any order; targets and what was left out may be there or not",
    arguments: [
      "a,b\n1,2\n4,5\n", "b,a\n2,1\n5,4\n", "y,b,id,a\n9,2,x,1\n9,5,x,4\n", "y,b,a\n,2,1\n,5,4\n",
      "b;a\n2;1\n5;4\n",
    ])
  func byName(text: String) throws {
    let rows = try inputs(text, try model())
    #expect(rows.inputs.elements == [1, 2, 4, 5] && rows.names == ["a", "b"])
  }

  @Test("targets are found by name where rows are measured, or as another label says")
  func targets() throws {
    let model = try model()
    let named = try data("y,b,a\n3,2,1\n6,5,4\n", model)
    #expect(named.inputs.elements == [1, 2, 4, 5])
    #expect(named.targets == (try data("a,b,y\n1,2,3\n4,5,6\n", model)).targets)
    let other = try data("y,z,b,a\n3,7,2,1\n6,8,5,4\n", model, labels: [.name("z")])
    #expect(other.inputs.elements == [1, 2, 4, 5])
    #expect(other.targets == (try data("a,b,y\n1,2,7\n4,5,8\n", model)).targets)
    #expect(other.interface?.table?.ignored.map(\.name) == ["y"])
    #expect(
      complaint { _ = try data("a,b\n1,2\n", model) }
        == "d.csv: there is no column \"y\", the label that the model has; add it, or write --label NAME if "
        + "another column holds it")
    // A label of another name is not to be left out.
    #expect(
      complaint { _ = try data("a,b,z\n1,2,3\n", model) }?.contains("--label NAME") == true)
    #expect(complaint { _ = try data("a,b,z\n1,2,3\n", model) }?.contains("--ignore") == false)
  }

  @Test("missing and new columns are named, and what to write")
  func misfit() throws {
    let model = try model()
    #expect(
      complaint { _ = try inputs("a,bb,c d\n1,2,3\n", model) }
        == "d.csv: there is no column \"b\", which the model has; rename or add it; and column \"bb\", "
        + "column \"c d\" are none that the model has; write --ignore bb --ignore 'c d' to leave them out"
    )
    let left = try inputs(
      "a,b,bb,c d\n1,2,x,y\n", model, ignoring: [.name("bb"), .name("c*")])
    #expect(left.inputs.elements == [1, 2])
    #expect(
      complaint { _ = try inputs("x,z\n1,2\n", model) }?
        .hasPrefix("d.csv: there are no columns \"a\", \"b\", which the model has") == true)
  }

  @Test("without names in the file columns are taken in order, and that is said")
  func inOrder() throws {
    let model = try model()
    for (text, taken) in [
      ("1,2\n4,5\n", "columns 0 to 1 are"), ("7,1,2,3\n8,4,5,6\n", "columns 1 to 2 are"),
    ] {
      let rows = try inputs(text, model)
      #expect(rows.inputs.elements == [1, 2, 4, 5])
      #expect(
        rows.notes.map { $0.replacing("\(folder.path)/", with: "") } == [
          "d.csv: this file has no names of columns, so they are taken in order: \(taken) the inputs "
            + "(counted from 0)"
        ])
    }
    // One that was left out and the inputs, or the inputs and the target?
    #expect(
      complaint { _ = try inputs("7,1,2\n8,4,5\n", model) }
        == "d.csv: 3 columns, and the model has 2 inputs, 1 target, 1 left out; columns are told "
        + "by their order here, so leave out all that are no inputs, the label as well (--ignore COLUMN)"
    )
    for (text, ignored) in [("7,1,2\n8,4,5\n", 0), ("1,2,3\n4,5,6\n", 2)] {
      #expect(
        try inputs(text, model, ignoring: [.index(ignored)]).inputs.elements == [1, 2, 4, 5])
    }
    #expect(
      complaint { _ = try data("1,2\n4,5\n", model) }?.contains("so the label is missing") == true)
    for text in ["1,2,3\n4,5,6\n", "7,1,2,3\n8,4,5,6\n"] {
      let data = try data(text, model)
      #expect(data.inputs.elements == [1, 2, 4, 5])
      #expect(data.targets == (try self.data("a,b,y\n1,2,3\n4,5,6\n", model)).targets)
    }
    #expect(try data("3,1,2\n6,4,5\n", model, labels: [.index(0)]).inputs.elements == [1, 2, 4, 5])
    #expect(
      complaint { _ = try inputs("1,2,3,4,5\n", model) }
        == "d.csv: 5 columns, and the model has 2 inputs, 1 target, 1 left out; columns are told "
        + "by their order here, so leave out all that are no inputs, the label as well (--ignore COLUMN)"
    )
  }

  @Test("without names in the model columns are taken in order, and that is said")
  func namelessModel() throws {
    let headless = try model("7,1,2,3\n8,4,5,6\n", ignoring: [.index(0)])
    let rows = try inputs("p,q\n1,2\n4,5\n", headless)
    #expect(rows.inputs.elements == [1, 2, 4, 5])
    #expect(rows.notes.count == 1)
    #expect(
      rows.notes[0].hasSuffix(
        "the model knows no names of columns, so they are taken in order: columns 0 to 1 are the inputs "
          + "(counted from 0)"))
    #expect(try inputs("1,2\n4,5\n", headless).notes == [])
    let arrays = ModelInterface(
      inputs: [.init(name: nil, position: 0), .init(name: nil, position: 1)],
      targets: [.init(name: nil, position: 0)])
    #expect(try inputs("1,2\n4,5\n", arrays).inputs.elements == [1, 2, 4, 5])
    #expect(try data("1,2,3\n4,5,6\n", arrays).inputs.elements == [1, 2, 4, 5])
    #expect(
      try data("3,1,2\n6,4,5\n", arrays, labels: [.index(0)]).inputs.elements == [1, 2, 4, 5])
  }

  @Test("the decimal sign is the model's unless another is stated, the header is found")
  func layout() throws {
    let model = try model(
      "id;a;b;y\n7;1,5;2;3\n8;4;5;6\n", CSVFormat(delimiter: .semicolon, decimal: .comma))
    #expect(model.table?.decimalSign == ",")
    #expect(try inputs("b|a\n2,5|1\n", model).inputs.elements == [1, 2.5])
    let path = try folder.write("p.csv", "b,a\n2.5,1\n")
    let stated = try InputFile.read(path, format: CSVFormat(decimal: .point), interface: model)
    #expect(stated.inputs.elements == [1, 2.5])
  }

  private func model(_ text: String, _ format: CSVFormat) throws -> ModelInterface {
    try model(text, ignoring: [.name("id")], format)
  }

  @Test("a value that is missing has the model's number, or is an error")
  func missing() throws {
    var model = try model()
    model.inputs[1] = .init(name: "b", position: 2, kind: .number(fill: 2.5))
    #expect(try inputs("a,b\n1,\n", model).inputs.elements == [1, 2.5])
    #expect(
      complaint { _ = try inputs("a,b\n1,2\n?,2\n", model) }
        == "d.csv, line 3, column \"a\": the value is missing (\"?\"); fill it in or remove the row: the "
        + "model was trained without missing values here, so it has nothing to put there")
  }

  @Test("files of other parts go by the training part: by name, with what is missing or new named")
  func otherParts() throws {
    let train = DataSource.csv(
      try folder.write("train.csv", "a,b,y\n1,2,3\n4,5,6\n"), labels: [.last])
    func parts(_ text: String) throws -> DataParts {
      try DataRequest(
        train: train, test: .source(.csv(try folder.write("test.csv", text), labels: [.last])),
        task: .regression, seed: 0
      ).load()
    }
    let test = try #require(try parts("y,b,a\n9,8,7\n").test)
    #expect(test.dataset.inputs.elements == [7, 8])
    #expect(
      complaint { _ = try parts("y,c,a\n9,8,7\n") }
        == "test.csv: there is no column \"b\", which the training part (train.csv) has; rename or add it; "
        + "and column \"c\" is none that the training part (train.csv) has; write ignore: [c] to leave it "
        + "out")
    let headless = try #require(try parts("7,8,9\n").test)
    #expect(headless.dataset.inputs.elements == [7, 8] && headless.dataset.notes.count == 1)
  }

  @Test("data for a network go by what it knows, in a schedule too")
  func network() throws {
    let network = NetworkInterface(file: "m", inputs: 2, interface: try model())
    let parts = try DataRequest(
      train: .csv(try folder.write("new.csv", "y,b,a\n3,2,1\n6,5,4\n"), labels: []),
      task: .regression, seed: 0, network: network
    ).load()
    #expect(parts.train.dataset.inputs.elements == [1, 2, 4, 5])
    #expect(parts.train.dataset.interface?.inputs.map(\.position) == [2, 1])
  }

  @Test("of several columns of one name each is told by its order, and training says so")
  func sameNames() throws {
    let path = try folder.write("two.csv", "a,a,a,y\n1,2,3,4\n5,6,7,8\n")
    let trained = try CSVReader.dataset(
      path, labels: [.last], columns: ColumnSettings(ignored: [.index(0)]), task: .regression)
    #expect(
      trained.notes == [
        "\(path): several columns are named \"a\", so only their order tells them apart; rename them, or "
          + "add 2 to ignore to leave out all but the first"
      ])
    let model = try #require(trained.interface)
    #expect(try inputs("y,a,a,a\n4,1,2,3\n", model).inputs.elements == [2, 3])
    #expect(try inputs("a,a\n2,3\n", model).inputs.elements == [2, 3])
    #expect(
      complaint { _ = try inputs("a,a,a,a\n1,2,3,4\n", model) }?
        .hasPrefix("d.csv: 4 columns are named \"a\", and the model has 3 of that name")
        == true)
    #expect(
      complaint { _ = try inputs("a,y\n1,2\n", model) }?.hasPrefix("d.csv: 1 column is named \"a\"")
        == true)
  }

  @Test("an input of the target's name is told by its order alone, which is said, or not at all")
  func nameOfTarget() throws {
    let path = try folder.write("yxy.csv", "y,x,y\n1,2,3\n4,5,6\n")
    let trained = try CSVReader.dataset(path, labels: [.last], task: .regression)
    #expect(
      trained.notes == [
        "\(path): column 0, an input, and column 2, the target (counted from 0), are both named \"y\", so only "
          + "their order tells them apart; rename one of them, or write ignore: [0] to leave the input out"
      ])
    let model = try #require(trained.interface)
    #expect(try inputs("y,x,y\n1,2,3\n", model).inputs.elements == [1, 2])
    #expect(
      complaint { _ = try inputs("x,y\n2,3\n", model) }?
        .contains("1 column is named \"y\", and the model has 2 of that name") == true)
  }

  @Test("a name that only reads like the model's is pointed out")
  func alike() throws {
    #expect(
      complaint { _ = try inputs("a\u{A0},b\n1,2\n", try model()) }?
        .contains(
          "column \"a\\u{00A0}\" reads like \"a\"; they differ in blanks or in characters that nobody sees"
        )
        == true)
  }

  @Test(
    "a model that drops rows with missing values drops them where it measures, and keeps their places"
  )
  func dropping() throws {
    let text = "a,b,y\n1,2,3\n,5,6\n7,8,\n"
    let path = try folder.write("drop.csv", text)
    let model = try #require(
      try CSVReader.dataset(
        path, labels: [.last], columns: ColumnSettings(missing: .drop), task: .regression
      ).interface)
    #expect(model.dropsMissing)
    let measured = try data(text, model)
    #expect(measured.inputs.elements == [1, 2])
    #expect(
      measured.notes.map { $0.replacing("\(folder.path)/", with: "") }
        == ["d.csv: 2 of 3 rows have a missing value and are left out"])
    #expect(measured.interface?.dropsMissing == true)
    let pruning = try inputs(text, model)
    #expect(pruning.inputs.elements == [1, 2, 7, 8] && pruning.incomplete == [])
    let kept = try InputFile.read(path, keepingRows: true, interface: model)
    #expect(kept.inputs.rows == 3 && kept.incomplete == [1])
    #expect(
      kept.notes.map { $0.replacing("\(folder.path)/", with: "") }
        == ["drop.csv: 1 of 3 rows has a missing input, and the predictions there are empty"])
  }

  @Test("texts that are no level are counted where they are zeros")
  func unknownLevels() throws {
    let path = try folder.write("c.csv", "c,y\nr,1\ng,2\nr,3\n")
    let model = try #require(
      try CSVReader.dataset(
        path, labels: [.last], columns: ColumnSettings(oneHot: .zeros), task: .regression
      ).interface)
    let rows = try inputs("c\nr\nblue\nblue\n", model)
    #expect(rows.inputs.elements == [0, 1, 0, 0, 0, 0])
    #expect(
      rows.notes.map { $0.replacing("\(folder.path)/", with: "") } == [
        "d.csv: 2 of 3 rows have a text in column \"c\" that training did not have, such as \"blue\", and "
          + "all inputs of the column are 0 there"
      ])
  }
}
