import Foundation
import NeuralNetworks
import NumericCore
import Testing

import Datasets

@Suite("Arrays that stay in their files")
struct StoredMatrixTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Numbers that float32 does not hold, of another size in each column.
  private static let numbers: [Double] = (0..<120).map { index in
    let base = Double(index % 7) - 2.3
    switch index % 3 {
    case 0: return base + Double(index) / 3
    case 1: return base * 1e6 + Double(index) / 3
    default: return base * 1e-41
    }
  }

  /// A request for inputs in the file `inputs` and labels of 40 rows.
  private func request(
    _ inputs: String, _ scaling: Scaling, _ storage: DataStorage
  ) throws -> DataRequest {
    let labels = (0..<40).map { Double($0 % 2) }
    let targets = try folder.write(
      "y.npy", NPY.bytes(of: DataMatrix(rows: 40, columns: 1, labels)))
    var request = DataRequest(
      train: .npy(inputs: ArrayFile(inputs), targets: ArrayFile(targets)),
      validation: .share(.rows(9)), task: .classification, scaling: scaling, seed: 4)
    request.storage = storage
    return request
  }

  private func rows(_ parts: DataParts, _ rows: [Int32]) throws -> [[UInt32]] {
    switch parts.train.dataset.inputs {
    case .stored(let matrix):
      var read = Matrix(rows: rows.count + 1, columns: matrix.columns)
      matrix.read(rows[...], into: &read, at: 1, pool: WorkerPool(threadCount: 2))
      #expect(matrix.failure == nil)
      return rows.indices.map { read.row($0 + 1).map(\.bitPattern) }
    case let inputs:
      let matrix = inputs.rounded
      return rows.map { matrix.row(Int($0)).map(\.bitPattern) }
    }
  }

  @Test(
    "rows are, bit by bit, those of the same array in memory, in any order and scale",
    arguments: Scaling.allCases, [true, false])
  func sameBits(scaling: Scaling, isNarrow: Bool) throws {
    let numbers = isNarrow ? Self.numbers.map { Double(Float($0)) } : Self.numbers
    let matrix = DataMatrix(rows: 40, columns: 3, numbers)
    let inputs = try folder.write("x.npy", NPY.bytes(of: matrix))
    let memory = try request(inputs, scaling, .memory).load()
    let stored = try request(inputs, scaling, .file).load()
    #expect(stored.inputScale == memory.inputScale && stored.notes == memory.notes)
    #expect(stored.warnings == memory.warnings)
    #expect(stored.train.rows == memory.train.rows)
    guard case .stored = stored.train.dataset.inputs else {
      Issue.record("the inputs are in memory")
      return
    }
    let orders: [[Int32]] = [
      Array(0..<40), [39, 0, 17, 17, 3], [5], [], (0..<40).reversed().map { $0 },
    ]
    for order in orders { #expect(try rows(stored, order) == rows(memory, order)) }
  }

  @Test("pixels of an IDX file are read where they lie")
  func pixels() throws {
    let pixels = (0..<(30 * 4)).map { UInt8($0 * 37 % 256) }
    let images = try folder.write(
      "images", [0, 0, 8, 3, 0, 0, 0, 30, 0, 0, 0, 2, 0, 0, 0, 2] + pixels)
    let labels = try folder.write("labels", [0, 0, 8, 1, 0, 0, 0, 30] + (0..<30).map { $0 % 3 })
    func parts(_ storage: DataStorage) throws -> DataParts {
      var request = DataRequest(
        train: .idx(images: images, labels: labels), task: .classification, scaling: .unit, seed: 1)
      request.storage = storage
      return try request.load()
    }
    let order: [Int32] = [29, 4, 4, 0]
    #expect(try rows(parts(.file), order) == rows(parts(.memory), order))
  }

  @Test("numbers that are none are named as they are in memory")
  func notFinite() throws {
    var numbers = Self.numbers
    (numbers[7], numbers[50]) = (Double.nan, Double.infinity)
    let bytes = NPY.bytes(of: DataMatrix(rows: 40, columns: 3, Self.numbers))
    // The last 960 bytes are the numbers.
    var wrong = Array(bytes.dropLast(960))
    for number in numbers {
      for byte in 0..<8 { wrong.append(UInt8(truncatingIfNeeded: number.bitPattern >> (8 * byte))) }
    }
    let inputs = try folder.write("x.npy", wrong)
    let errors = try [DataStorage.memory, .file].map { storage in
      let request = try request(inputs, .none, storage)
      return datasetError { () throws(DatasetError) in try request.load() }?.description
    }
    #expect(errors[0] != nil && errors[0] == errors[1])
  }

  @Test(
    "an array whose rows do not lie where they can be read is refused",
    arguments: [("fortran.npy", "its columns one behind the other")])
  func refused(name: String, reason: String) throws {
    var request = DataRequest(
      train: .npy(
        inputs: ArrayFile(DatasetGolden.path(name)), targets: ArrayFile(DatasetGolden.path(name))),
      task: .regression, seed: 0)
    request.storage = .file
    let complaint = datasetError { () throws(DatasetError) in try request.load() }
    #expect(complaint?.description.contains(reason) == true)
  }

  @Test(
    "a file that is written to while rows are read of it is noticed, and so is one that ends early")
  func changes() throws {
    for isShortened in [false, true] {
      let matrix = DataMatrix(rows: 40, columns: 3, Self.numbers)
      let inputs = try folder.write("x.npy", NPY.bytes(of: matrix))
      let read = try request(inputs, .unit, .file).load()
      guard case .stored(let stored) = read.train.dataset.inputs else {
        Issue.record("the inputs are in memory")
        return
      }
      var target = Matrix(rows: 40, columns: 3)
      stored.read([0], into: &target, at: 0, pool: WorkerPool(threadCount: 1))
      #expect(stored.failure == nil)
      // The clock of the file system goes by ticks.
      usleep(30_000)
      let file = try FileHandle(forUpdating: URL(filePath: inputs))
      if isShortened {
        try file.truncate(atOffset: 300)
      } else {
        try file.seek(toOffset: 500)
        try file.write(contentsOf: Data([1, 2, 3]))
      }
      try file.close()
      stored.read(Array(0..<40)[...], into: &target, at: 0, pool: WorkerPool(threadCount: 1))
      let failure = try #require(stored.failure as? DatasetError)
      #expect(failure.description.contains("the file changed while it was read"))
    }
  }
}
