import Datasets
import NumericCore
import Testing

@Suite("IDX")
struct IDXTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private let images = DatasetGolden.path("images-idx3-ubyte.gz")
  private let labels = DatasetGolden.path("labels-idx1-ubyte.gz")

  @Test("images are flattened to rows, labels are classes of the values that occur")
  func imagesAndLabels() throws {
    let data = try DataSource.idx(images: images, labels: labels).read(task: .classification)
    #expect(data.inputs == DataMatrix(rows: 4, columns: 6, (0..<24).map { Double($0) }))
    #expect(data.targets == .classes([2, 0, 2, 1], names: ["3", "5", "7"]))
    #expect(data.featureNames == nil)
    let values = try DataSource.idx(images: images, labels: labels).read(task: .regression)
    #expect(values.targets == .values(DataMatrix(rows: 4, columns: 1, [7, 3, 7, 5])))
  }

  @Test("every element type reads the same", arguments: ["u1", "i1", "i2", "i4"])
  func integerTypes(type: String) throws {
    #expect(
      try InputFile.read(DatasetGolden.path("\(type).idx")).inputs
        == DataMatrix(rows: 4, columns: 5, (0..<20).map { Double($0) }))
  }

  @Test("both float types read the same", arguments: ["f4", "f8"])
  func floatTypes(type: String) throws {
    #expect(
      try InputFile.read(DatasetGolden.path("\(type).idx")).inputs
        == DataMatrix(rows: 4, columns: 5, (0..<20).map { Double($0) / 2 - 2 }))
  }

  @Test(
    "a header that promises more or less than the file holds is refused",
    arguments: [
      ([0, 0, 8, 1, 0, 0, 0, 3, 1, 2], [3], 1, 2), ([0, 0, 8, 1, 0, 0, 0, 1, 1, 2], [1], 1, 2),
      ([0, 0, 13, 1, 0, 0, 0, 1, 1, 2], [1], 4, 2),
      (
        [0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255, 1], [4_294_967_295, 4_294_967_295], 1,
        1
      ),
    ] as [([UInt8], [Int], Int, Int)])
  func sizes(bytes: [UInt8], shape: [Int], elementBytes: Int, held: Int) throws {
    let path = try folder.write("a.idx", bytes)
    let error = datasetError { () throws(DatasetError) in try InputFile.read(path) }
    let text = shape.map(String.init).joined(separator: " x ")
    #expect(
      error?.description.hasPrefix(
        "\(path): the IDX header promises \(text) elements of \(elementBytes) byte") == true)
    #expect(
      error?.description.contains(
        held == 1 ? ", and 1 byte follows it" : ", and \(held) bytes follow it") == true)
  }

  @Test("the message of a header that promises too much")
  func sizeMessage() throws {
    let path = try folder.write("a.idx", [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2])
    let error = datasetError { () throws(DatasetError) in try InputFile.read(path) }
    #expect(
      error?.description
        == "\(path): the IDX header promises 2 x 3 elements of 1 byte, and 2 bytes follow it; "
        + "copy or download the file again")
  }

  @Test("what is not IDX, or has an unknown type, is refused")
  func otherFormats() throws {
    for bytes in [[], [1, 2, 3, 4], [0, 0, 10, 1, 0, 0, 0, 1, 1]] as [[UInt8]] {
      let path = try folder.write("a.idx", bytes)
      let source = DataSource.idx(images: path, labels: labels)
      #expect(
        datasetError { () throws(DatasetError) in try source.read(task: .classification) }?
          .description == "\(path): this is not an IDX file; check the path")
    }
  }

  @Test("images and labels of different numbers are refused")
  func counts() throws {
    let path = try folder.write("l.idx", [0, 0, 8, 1, 0, 0, 0, 2, 7, 3])
    let source = DataSource.idx(images: images, labels: path)
    #expect(
      datasetError { () throws(DatasetError) in try source.read(task: .classification) }?
        .description
        == "\(path): 2 rows for the 4 rows of inputs in \(images); "
        + "check that the files belong together")
  }

  @Test("labels of two dimensions are refused")
  func labelShape() throws {
    let source = DataSource.idx(images: images, labels: images)
    #expect(
      datasetError { () throws(DatasetError) in try source.read(task: .classification) }?
        .description
        == "\(images): an array of shape 4 x 3 x 2 cannot be labels; "
        + "save it as [rows], one class number for each")
  }

  @Test("the MNIST test files read whole", .enabled(if: MNIST.exists))
  func mnist() throws {
    let data = try DataSource.idx(images: MNIST.images, labels: MNIST.labels)
      .read(task: .classification)
    #expect(data.rows == 10_000 && data.inputs.columns == 784)
    #expect(data.targets.classNames == (0..<10).map { "\($0)" })
    guard case .classes(let labels, _) = data.targets else { return }
    #expect(labels.prefix(10) == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    #expect((0..<10).map { c in labels.count { $0 == c } } == MNIST.classCounts)
  }
}

/// The public test files of MNIST, where they lie beside the repository.
enum MNIST {
  private static let folder = "\(DatasetGolden.root)/../shared/data/mnist10k"
  static let images = "\(folder)/t10k-images-idx3-ubyte.gz"
  static let labels = "\(folder)/t10k-labels-idx1-ubyte.gz"
  static let classCounts = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]

  static var exists: Bool {
    datasetError { () throws(DatasetError) in try DataFile.read(labels) } == nil
  }
}
