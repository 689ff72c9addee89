import Datasets
import NeuralNetworks
import NumericCore
import Testing

@Suite("Data for a network that there is already")
struct NetworkInterfaceTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func parts(
    _ network: NetworkInterface, task: LearningTask = .classification, scaling: Scaling = .none
  ) throws -> DataParts {
    let path = try folder.write("d.csv", "1,2,b\n3,4,a\n5,6,b\n")
    let numbers = try folder.write("n.csv", "1,2,5\n3,4,6\n5,6,7\n")
    return try DataRequest(
      train: .csv(task == .classification ? path : numbers, labels: [.last]), task: task,
      scaling: scaling, seed: 0, network: network
    ).load()
  }

  @Test("its classes and its scale hold, whatever the data would give")
  func classes() throws {
    let scale = AffineScaling(shift: [1, 0], scale: [2, 1])
    let parts = try parts(
      NetworkInterface(file: "m", inputs: 2, inputScale: scale, classes: ["c", "b", "a"]))
    #expect(parts.train.dataset.targets == .classes([1, 2, 1], names: ["c", "b", "a"]))
    #expect(parts.train.dataset.inputs.elements == [0, 2, 4, 4, 8, 6])
    #expect(parts.inputScale == scale)
  }

  @Test("its scale of targets holds for a regression")
  func targets() throws {
    let scale = AffineScaling(shift: [5], scale: [10])
    let parts = try parts(
      NetworkInterface(file: "m", inputs: 2, targetScale: scale), task: .regression)
    #expect(parts.train.dataset.targets == .values(DataMatrix(rows: 3, columns: 1, [0, 10, 20])))
    #expect(parts.targetScale == scale)
  }

  @Test("without a scale of its own, the data's scale is fitted")
  func fitted() throws {
    let parts = try parts(NetworkInterface(file: "m", inputs: 2), scaling: .unit)
    #expect(parts.train.dataset.inputs.elements == [0, 0, 0.5, 0.5, 1, 1])
  }

  @Test("of a network that says nothing of its data, a scale and names of columns are pointed out")
  func notes() throws {
    let named = try folder.write("named.csv", "p,q,y\n1,2,5\n3,4,6\n5,6,7\n")
    func notes(_ network: NetworkInterface) throws -> [String] {
      try DataRequest(
        train: .csv(named, labels: [.last]), task: .regression, scaling: .standard,
        targetScaling: .unit, seed: 0, network: network
      ).load().notes
    }
    #expect(
      try notes(NetworkInterface(file: "m", inputs: 2)) == [
        "\(named): the model m knows no names of columns, so they are taken in order",
        "m does not say in which units its data were; scale: standard is right only if it was trained on "
          + "data that were scaled so; for one that takes raw data write scale: none",
        "m does not say in which units its data were; scale_targets: unit is right only if it was "
          + "trained on data that were scaled so; for one that takes raw data write scale_targets: none",
      ])
    let own = AffineScaling(shift: [0, 0], scale: [1, 1])
    let scaled = NetworkInterface(
      file: "m", inputs: 2, inputScale: own, targetScale: AffineScaling(shift: [0], scale: [1]))
    #expect(try notes(scaled).count == 1)
  }

  @Test("data of other columns, or with classes that it does not know, are an error")
  func misfit() throws {
    #expect {
      try parts(NetworkInterface(file: "m", inputs: 3))
    } throws: { error in
      "\(error)".hasSuffix(
        "d.csv: 2 columns of inputs, and the network m has 3; use the data that it was "
          + "made for")
    }
    let scale = AffineScaling(shift: [0, 0], scale: [1, 1])
    #expect {
      try parts(NetworkInterface(file: "m", inputs: 2, targetScale: scale), task: .regression)
    } throws: { error in
      "\(error)".hasSuffix(
        "n.csv: 1 column of targets, and the network m has 2; use the data that it was "
          + "made for")
    }
    #expect {
      try parts(NetworkInterface(file: "m", inputs: 2, classes: ["b", "c"]))
    } throws: { error in
      "\(error)".contains("the label \"a\" does not occur in the training part (m)")
    }
  }

  @Test(
    "columns that it leaves out and the schedule does not, and inputs that the schedule leaves out, are told of"
  )
  func leftOut() throws {
    func request(
      _ ignored: [ColumnSelector], _ network: NetworkInterface? = nil
    ) throws -> DataRequest {
      DataRequest(
        train: .csv(
          try folder.write("r.csv", "p,q,y\n1,2,5\n3,4,6\n5,6,7\n"), labels: [.name("y")],
          columns: ColumnSettings(ignored: ignored)), task: .regression, seed: 0, network: network)
    }
    func network(ignoring ignored: [ColumnSelector], inputs: Int) throws -> NetworkInterface {
      NetworkInterface(
        file: "m", inputs: inputs,
        interface: try request(ignored).load().train.dataset.interface)
    }
    func notes(_ request: DataRequest) throws -> [String] {
      try request.load().notes.map { $0.replacing("\(folder.path)/", with: "") }
    }
    let narrow = try network(ignoring: [.name("q")], inputs: 1)
    #expect(
      try notes(request([], narrow)) == [
        "r.csv: column \"q\" is left out, because the network m was trained without; to use it train a new "
          + "network (every night: start: cold); if this is meant, write ignore: [q]"
      ])
    #expect(try notes(request([.name("q")], narrow)).isEmpty)
    let wide = try network(ignoring: [], inputs: 2)
    #expect(try notes(request([], wide)).isEmpty)
    let problem = datasetError { () throws(DatasetError) in
      _ = try DataRequest(
        train: .csv(
          "\(folder.path)/r.csv", labels: [.name("y")],
          columns: ColumnSettings(ignored: [.name("q")])), task: .regression, seed: 0, network: wide
      ).load()
    }?.description.replacing("\(folder.path)/", with: "")
    #expect(
      problem
        == "r.csv: the network m has the input \"q\", which ignore leaves out; take it out of that list, or train a new "
        + "network without (every night: start: cold)")
  }

  @Test(
    "a column that is not there is one of the setting that asks for it, whether or not a network knows the others"
  )
  func settings() throws {
    let path = try folder.write("s.csv", "p,q,y\n1,2,5\n3,4,6\n")
    func request(
      ignoring ignored: [ColumnSelector], label: String = "y", _ network: NetworkInterface? = nil
    ) -> DataRequest {
      DataRequest(
        train: .csv(
          path, labels: [.name(label)], columns: ColumnSettings(ignored: ignored)),
        task: .regression, seed: 0, network: network)
    }
    func setting(_ request: DataRequest) -> DataSetting? {
      let error = datasetError { () throws(DatasetError) in _ = try request.load() }
      if case .selecting(let setting, _)? = error { return setting }
      return nil
    }
    let network = NetworkInterface(
      file: "m", inputs: 2, interface: try request(ignoring: []).load().train.dataset.interface)
    for known in [nil, network] {
      #expect(setting(request(ignoring: [.name("z")], known)) == .ignored)
      #expect(setting(request(ignoring: [], label: "z", known)) == .labels)
    }
  }
}
