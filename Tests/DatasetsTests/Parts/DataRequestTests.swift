import Datasets
import NeuralNetworks
import NumericCore
import Testing

@Suite("DataRequest")
struct DataRequestTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func csv(_ name: String, _ text: String) throws -> DataSource {
    .csv(try folder.write(name, text), labels: [.last])
  }

  private func complaint(_ request: DataRequest) -> String? {
    datasetError { () throws(DatasetError) in try request.load() }?.description
      .replacing("\(folder.path)/", with: "")
  }

  @Test("one file is split, and scaled by its training rows alone")
  func oneFile() throws {
    let rows = (0..<20).map { "\($0 * $0),\($0 % 2)" }.joined(separator: "\n")
    let parts = try DataRequest(
      train: csv("d.csv", rows), validation: .share(.rows(4)), test: .share(.fraction(0.25)),
      task: .classification, scaling: .unit, seed: 3
    ).load()
    let validation = try #require(parts.validation)
    let test = try #require(parts[.test])
    #expect(parts.train.count == 11 && validation.count == 4 && test.count == 5)
    #expect(parts.train.dataset == test.dataset && parts.train.dataset == validation.dataset)
    let scaled = parts.train.dataset.inputs
    let training = parts.train.rows.map { scaled[Int($0), 0] }
    #expect(training.min() == 0 && training.max() == 1)
    let scale = try #require(parts.inputScale)
    for row in 0..<20 {
      // In float64, rounded once.
      let expected = Float((Double(row * row) - scale.shift[0]) * scale.scale[0])
      #expect(scaled[row, 0] == Double(expected))
    }
    #expect(parts.targetScale == nil)
  }

  @Test("parts with files of their own take classes and scale from the training file")
  func ownFiles() throws {
    let request = DataRequest(
      train: try csv("train.csv", "0,b\n10,a\n5,a\n"),
      validation: .share(.rows(1)),
      test: .source(try csv("test.csv", "20,b\n")), task: .classification, scaling: .unit, seed: 0)
    let parts = try request.load()
    let test = try #require(parts[.test])
    #expect(test.count == 1)
    #expect(test.dataset.targets == .classes([1], names: ["a", "b"]))
    let scale = try #require(parts.inputScale)
    let expected = Float((20 - scale.shift[0]) * scale.scale[0])
    #expect(test.dataset.inputs[0, 0] == Double(expected))
    #expect(parts.train.count == 2 && parts[.validation]?.count == 1)
    #expect(request.files == ["\(folder.path)/train.csv", "\(folder.path)/test.csv"])
  }

  @Test("targets of a regression are scaled by the training rows")
  func targets() throws {
    let parts = try DataRequest(
      train: csv("train.csv", "1,10\n2,30\n"), test: .source(csv("test.csv", "3,50\n")),
      task: .regression, targetScaling: .standard, seed: 0
    ).load()
    #expect(parts.targetScale == AffineScaling(shift: [20], scale: [0.1]))
    #expect(parts.inputScale == nil && parts.validation == nil)
    #expect(parts.train.dataset.targets == .values(DataMatrix(rows: 2, columns: 1, [-1, 1])))
    #expect(parts.test?.dataset.targets == .values(DataMatrix(rows: 1, columns: 1, [3])))
    #expect(parts.test?.dataset.inputs.elements == [3])
  }

  @Test("files that do not go together are refused")
  func mismatches() throws {
    let train = try csv("train.csv", "x,y,kind\n1,2,a\n3,4,b\n")
    func complaint(_ text: String) throws -> String? {
      self.complaint(
        DataRequest(
          train: train, test: .source(try csv("test.csv", text)), task: .classification, seed: 0))
    }
    #expect(try complaint("x,y,kind\n1,2,b\n") == nil)
    #expect(try complaint("1,2,b\n") == nil)
    #expect(
      try complaint("x,kind\n1,a\n")
        == "test.csv: there is no column \"y\", which the training part (train.csv) has; rename or add it"
    )
    #expect(try complaint("y,x,kind\n1,2,a\n") == nil)
    #expect(
      try complaint("x,y,kind\n1,2,c\n")
        == "test.csv, line 2, column \"kind\": the label \"c\" does not occur in the training part (train.csv); "
        + "correct it or train on such samples as well")
  }

  @Test("a scale for classes is refused")
  func scaledClasses() throws {
    #expect(
      complaint(
        DataRequest(
          train: try csv("d.csv", "1,a\n2,b\n"), task: .classification, targetScaling: .standard,
          seed: 0))
        == "scale_targets: classes have no scale; remove it, or choose task: regression")
  }

  @Test("a missing file is named")
  func missing() {
    #expect(
      complaint(
        DataRequest(
          train: .csv("\(folder.path)/none.csv", labels: [.last]), task: .regression, seed: 0))
        == "none.csv: there is no such file; "
        + "check the path (in a schedule it is relative to its folder)")
  }

  @Test("files are listed as often as they are named, archives without their entries")
  func files() {
    let request = DataRequest(
      train: .npy(inputs: ArrayFile("a.npz:x"), targets: ArrayFile("a.npz:y")),
      validation: .source(.idx(images: "i.gz", labels: "l.gz")),
      test: .source(.npy(inputs: ArrayFile("a.npz:tx"), targets: ArrayFile("b:c.npy"))),
      task: .regression, seed: 0)
    #expect(request.files == ["a.npz", "a.npz", "i.gz", "l.gz", "a.npz", "b:c.npy"])
    #expect(ArrayFile("d.npz:x/a.npz:y").path == "d.npz:x/a.npz")
  }

  @Test("MNIST's 10,000 split into 7,000, 1,000 and 2,000", .enabled(if: MNIST.exists))
  func mnist() throws {
    let parts = try DataRequest(
      train: .idx(images: MNIST.images, labels: MNIST.labels), validation: .share(.rows(1000)),
      test: .share(.rows(2000)), task: .classification, seed: 42
    ).load()
    #expect(parts.train.count == 7000 && parts.validation?.count == 1000)
    #expect(parts.test?.count == 2000)
    guard case .classes(let labels, _) = parts.train.dataset.targets else { return }
    for (c, size) in MNIST.classCounts.enumerated() {
      let count = parts.test?.rows.count { labels[Int($0)] == c } ?? 0
      #expect(abs(Double(count) - 0.2 * Double(size)) < 1)
    }
  }
}
