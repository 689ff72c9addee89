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
    return header.file(with: matrices.lazy.map { TensorValues.bytes($0.matrix.elements) })
  }
}

extension SafetensorsHeader {
  /// The bytes of a file with this header and `contents`, those of its tensors in their order. Where they come lazily,
  /// they are in memory once, and the largest twice.
  func file(with contents: some Sequence<[UInt8]>) -> [UInt8] {
    var bytes = self.bytes
    bytes.reserveCapacity(bytes.count + (tensors.map(\.range.upperBound).max() ?? 0))
    for content in contents { bytes += content }
    return bytes
  }
}
