import Datasets
import NeuralNetworks
import Storage
import Testing

@Suite("InputFile") struct InputFileTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func notes(_ markers: [String]?, leavesArrays: Bool = false) throws -> [String] {
    let path = try folder.write(
      "d.npy", NPY.bytes(of: DataMatrix(rows: 2, columns: 1, [-999, 1])))
    let interface = ModelInterface(inputs: [], targets: [], missingMarkers: markers)
    let rows = try InputFile.read(path, interface: interface, leavesArrays: leavesArrays)
    #expect(rows.inputs.elements == [-999, 1])
    return rows.notes
  }

  @Test(
    "numbers that stand for a missing value in a model's tables are told to be none in an array")
  func markers() throws {
    #expect(try notes(nil) == [])
    #expect(try notes(["x"]) == [])
    for leaves in [false, true] {
      let found = try notes(["x", "-999"], leavesArrays: leaves)
      #expect(found.count == 1 && found[0].contains("; -999, which stands for one in the tables"))
    }
  }

  @Test("rows of an array are left in their file where they can be, and read into memory elsewhere")
  func leaving() throws {
    let matrix = DataMatrix(rows: 3, columns: 2, [1, 2, 3, 4, 5, 6.5])
    let bytes = NPY.bytes(of: matrix)
    let path = try folder.write("d.npy", bytes)
    let left = try InputFile.read(path, leavesArrays: true).inputs
    guard case .stored = left else {
      Issue.record("the rows are in memory")
      return
    }
    #expect(left.elements == matrix.elements)
    let packed = try folder.write("d.npy.zst", Zstd.compress(bytes.span, level: 1))
    #expect(try InputFile.read(packed, leavesArrays: true).inputs == matrix)
    let table = try folder.write("d.csv", "1,2\n3,4\n5,6.5\n")
    #expect(try InputFile.read(table, leavesArrays: true).inputs == matrix)
  }
}
