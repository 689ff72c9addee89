import ModelFiles
import NumericCore
import Testing

@Suite("Matrices in a safetensors file")
struct TensorFileTests {
  @Test("names, shapes and values, in the order given")
  func written() throws {
    let file = try TensorFile.bytes(of: [
      ("b", Matrix(rows: 2, columns: 3, [1, 2, 3, 4, 5, 6])),
      ("a", Matrix(rows: 1, columns: 1, [7])),
    ])
    let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    #expect(header.tensors.map(\.name) == ["b", "a"])
    #expect(header.tensors.map(\.shape) == [[2, 3], [1, 1]])
    let data = try TensorValues.floats(file[header.dataStart...], type: .f32)
    #expect(data == [1, 2, 3, 4, 5, 6, 7])
  }

  @Test("a name that no file can have is an error")
  func name() {
    #expect(throws: SafetensorsError.badName("")) {
      try TensorFile.bytes(of: [("", Matrix(rows: 1, columns: 1))])
    }
  }
}
