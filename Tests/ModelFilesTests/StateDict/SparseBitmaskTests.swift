import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import Testing

@Suite("Weights without their zeros")
struct SparseBitmaskTests {
  /// 9 columns, so that a row takes two bytes of the mask.
  private var state: ModelState {
    var weights = [Float](repeating: 0, count: 90)
    weights[0] = 1
    weights[8] = 2
    weights[81] = 3
    return ModelState(
      network: Network(layers: [
        DenseLayer(
          name: "output", weights: Matrix(rows: 10, columns: 9, weights),
          bias: Array(repeating: 0.5, count: 10), activation: .identity)
      ]))
  }

  private func options(_ change: (inout ExportOptions) -> Void) -> ModelExport {
    var options = ExportOptions()
    change(&options)
    return ModelExport(state, options: options)
  }

  @Test("a bitmask is laid out as compressed-tensors 0.9.4 unpacks it")
  func layout() throws {
    let file = try StateDictFormat().bytes(of: options { $0.sparseBitmask = true })
    let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    func bytes(_ name: String) throws -> [UInt8] {
      let tensor = try #require(header.tensors.first { $0.name == name })
      let start = header.dataStart + tensor.range.lowerBound
      return Array(file[start..<(start + tensor.range.count)])
    }
    #expect(
      header.tensors.map { "\($0.name) \($0.type.rawValue) \($0.shape)" } == [
        "0.weight.shape I64 [2]", "0.weight.row_offsets I64 [10]", "0.weight.compressed F32 [3]",
        "0.bias F32 [10]", "0.weight.bitmask U8 [10, 2]",
      ])
    #expect(try bytes("0.weight.compressed") == TensorValues.bytes([1, 2, 3]))
    #expect(try bytes("0.weight.bitmask") == [1, 1] + Array(repeating: 0, count: 16) + [1, 0])
    let offsets = try bytes("0.weight.row_offsets")
    let rows = stride(from: 0, to: 80, by: 8).map { offsets[$0] }
    #expect(rows == [0] + Array(repeating: 2, count: 9))
  }

  @Test("sparse initializers of ONNX are smaller and the same network")
  func initializers() throws {
    let dense = try ONNXFormat().bytes(of: ModelExport(state))
    let sparse = try ONNXFormat().bytes(of: options { $0.sparseInitializers = true })
    #expect(sparse.count < dense.count)
    #expect(
      try ModelFormats.read(sparse, path: "m.onnx", activation: nil).state
        == ModelFormats.read(dense, path: "m.onnx", activation: nil).state)
  }
}
