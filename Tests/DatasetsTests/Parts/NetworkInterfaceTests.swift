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
}
