import Engine
import Foundation
import ModelFiles
import NeuralNetworks
import NumericCore
import TestSupport
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

  @Test("what is written so comes back, and is written back dense under the same names")
  func roundTrip() throws {
    var draws = Draws(seed: 4)
    let state = ModelState(
      network: draws.network([17, 24, 9, 3], .prelu, densities: [0.1, 2, 0.4]),
      classes: ["a", "b", "c"])
    var export = ModelExport(state)
    let dense = try StateDictFormat().bytes(of: export)
    export.options.sparseBitmask = true
    let sparse = try StateDictFormat().bytes(of: export)
    #expect(sparse.count < dense.count)
    let model = try ModelFormats.read(sparse, path: "m", activation: nil)
    #expect(model.state == state && model.saysActivations)
    let again = try #require(model.template).bytes(of: ModelExport(state))
    #expect(try ModelFormats.read(again, path: "m", activation: nil).state == state)
    let names = try SafetensorsHeader(fileStart: again, fileSize: again.count).tensors.map(\.name)
    #expect(names.contains("0.weight") && !names.contains { $0.hasSuffix(".bitmask") })
  }

  /// Two rows and nine columns with three values, as they are laid out.
  private var parts: [(name: String, type: SafetensorsType, shape: [Int], bytes: [UInt8])] {
    func numbers(_ values: [UInt8]) -> [UInt8] { values.flatMap { [$0, 0, 0, 0, 0, 0, 0, 0] } }
    return [
      ("w.weight.shape", .i64, [2], numbers([2, 9])),
      ("w.weight.row_offsets", .i64, [2], numbers([0, 2])),
      ("w.weight.compressed", .bf16, [3], [0x80, 0x3f, 0x00, 0xc0, 0x40, 0x40]),
      ("w.weight.bitmask", .u8, [2, 2], [0b1000_0001, 0, 0, 1]),
    ]
  }

  private func read(
    _ change: (inout [(name: String, type: SafetensorsType, shape: [Int], bytes: [UInt8])]) -> Void
  ) throws -> FileModel {
    var parts = parts
    change(&parts)
    let header = try SafetensorsHeader(
      placing: parts.map { ($0.name, $0.type, $0.shape) }, metadata: [:])
    return try ModelFormats.read(
      parts.reduce(into: header.bytes) { $0 += $1.bytes }, path: "m", activation: .relu)
  }

  @Test("files of others are read, in any of the types of weights")
  func foreign() throws {
    let weights = try read { _ in }.state.network.layers[0].weights
    #expect(weights.rows == 2 && weights.columns == 9)
    #expect(weights.elements == [1, 0, 0, 0, 0, 0, 0, -2, 0] + [0, 0, 0, 0, 0, 0, 0, 0, 3])
  }

  @Test("what compressed-tensors packs is the network that it packed")
  func golden() throws {
    func read(_ name: String) throws -> Network {
      let bytes = [UInt8](try Data(contentsOf: GoldenFile.url("statedicts/\(name).safetensors")))
      return try ModelFormats.read(bytes, path: name, activation: .tanh).state.network
    }
    let (sparse, masked) = try (read("bitmask"), read("pruned-f32"))
    #expect(sparse.layers.map(\.weights) == masked.layers.map(\.weights))
    #expect(sparse.layers.map(\.bias) == masked.layers.map(\.bias))
    #expect(sparse.layers.map(\.mask) == masked.layers.map(\.mask) && sparse.remaining == 45)
  }

  @Test("parts that do not fit one another are an error", arguments: 0..<9)
  func damaged(which: Int) throws {
    let error = #expect(throws: ModelFileError.self) {
      try read { parts in
        switch which {
        case 0: parts.remove(at: 0)
        case 1: parts[0].bytes[8] = 0
        case 2: parts[0].bytes[7] = 0x80
        case 3: parts[1].bytes[8] = 1
        case 4: parts[3].bytes[1] = 0b10
        case 5: parts[3].bytes[2] = 1
        case 6: parts[3].bytes[0] = 1
        case 7: parts[2].type = .i16
        default: parts.append(("w.weight", .f32, [1, 1], [0, 0, 0, 0]))
        }
      }
    }
    #expect("\(try #require(error))".contains("'w.weight' is in the layout sparse-bitmask, and "))
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
