import Datasets
import NeuralNetworks
import Testing

@Suite("Inputs and labels in files of their own")
struct SeparateFilesTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func data(
    _ inputs: String, _ labels: String, _ task: LearningTask = .classification,
    layout: CSVFormat = CSVFormat(), columns: ColumnSettings = ColumnSettings(),
    known: KnownClasses? = nil, interface: ModelInterface? = nil
  ) throws -> Dataset {
    try DataSource.arrays(
      data: try folder.write("x.csv", inputs), labels: try folder.write("y.csv", labels),
      layout: layout, columns: columns
    ).read(task: task, known: known, interface: interface)
  }

  @Test("labels of a table can be text, and whole numbers stay exact")
  func labels() throws {
    let inputs = "a,b\n1,2\n3,4\n5,6\n"
    #expect(
      try data(inputs, "kind\nu\nv\nu\n").targets == .classes([0, 1, 0], names: ["u", "v"]))
    #expect(
      try data(inputs, "kind\n9007199254740993\n9007199254740992\n9007199254740993\n").targets
        == .classes([1, 0, 1], names: ["9007199254740992", "9007199254740993"]))
  }

  @Test("all options of tables hold for both")
  func options() throws {
    let layout = CSVFormat(delimiter: .semicolon, decimal: .comma)
    let data = try data(
      "id;a\n1;0,5\n2;1,5\n", "y\n0,25\n-1,5\n", .regression, layout: layout,
      columns: ColumnSettings(ignored: [.name("id")]))
    #expect(data.inputs.elements == [0.5, 1.5])
    #expect(data.targets == .values(DataMatrix(rows: 2, columns: 1, [0.25, -1.5])))
  }

  @Test("numbers are taken for the classes of a model in their order, where these are texts")
  func numbers() throws {
    let known = KnownClasses(names: ["setosa", "virginica"])
    let read = try data("a\n1\n2\n", "y\n1\n0\n", known: known)
    #expect(read.targets == .classes([1, 0], names: known.names))
    #expect(
      read.notes.map { $0.replacing("\(folder.path)/", with: "") } == [
        "y.csv: the labels are numbers, and the classes are texts, so they are taken for the classes in their "
          + "order: 0 is \"setosa\", 1 is \"virginica\""
      ])
    let array = try folder.write("y.npy", NPY.bytes(of: DataMatrix(rows: 2, columns: 1, [1, 0])))
    let inputs = try folder.write("x.npy", NPY.bytes(of: DataMatrix(rows: 2, columns: 1, [5, 6])))
    let arrays = try DataSource.arrays(data: inputs, labels: array)
      .read(task: .classification, known: known)
    #expect(arrays.targets == .classes([1, 0], names: known.names))
    #expect(
      datasetError { () throws(DatasetError) in
        try DataSource.arrays(data: inputs, labels: array)
          .read(task: .classification, known: KnownClasses(names: ["3", "4"]))
      } != nil)
    #expect(throws: DatasetError.self) { try data("a\n1\n2\n", "y\n1\n2\n", known: known) }
  }
}
