import ModelFiles
import Storage

/// Files of tensors for tests.
enum StateDictFixture {
  /// A file with tensors of these names and shapes; values count up from 1 in steps of a quarter.
  static func file(
    _ tensors: [(name: String, shape: [Int])], metadata: JSONObject = [:]
  ) throws -> [UInt8] {
    try file(
      tensors.map { name, shape in
        (name, shape, (0..<shape.reduce(1, *)).map { 1 + Float($0) / 4 })
      }, metadata: metadata)
  }

  /// A file with tensors of these names, shapes and values.
  static func file(
    _ tensors: [(name: String, shape: [Int], values: [Float])], metadata: JSONObject = [:]
  ) throws -> [UInt8] {
    let header = try SafetensorsHeader(
      placing: tensors.map { ($0.name, .f32, $0.shape) }, metadata: metadata)
    return header.bytes + tensors.flatMap { TensorValues.bytes($0.values) }
  }

  /// The error that reading `file` ends in; nil where it ends well.
  static func complaint(_ file: [UInt8]) -> String? {
    do throws(StateDictError) {
      _ = try StateDict(file).network(activation: .relu)
      return nil
    } catch {
      return error.description
    }
  }
}
