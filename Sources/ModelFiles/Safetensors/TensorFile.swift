import NumericCore

/// Matrices under names in a safetensors file, as F32.
package enum TensorFile {
  /// The bytes of a file with `matrices` in the order given.
  /// - Throws: `SafetensorsError` for names that no file can have.
  package static func bytes(
    of matrices: [(name: String, matrix: Matrix)]
  ) throws(SafetensorsError) -> [UInt8] {
    let header = try SafetensorsHeader(
      placing: matrices.map { ($0.name, .f32, [$0.matrix.rows, $0.matrix.columns]) },
      metadata: ["format": "pt"])
    return header.bytes + matrices.flatMap { TensorValues.bytes($0.matrix.elements) }
  }
}
