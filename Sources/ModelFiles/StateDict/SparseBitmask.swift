/// Weights without their zeros, as the package compressed-tensors lays them out under the name
/// `sparse-bitmask`: `NAME.shape`, `NAME.compressed` (the values that are not 0, row by row),
/// `NAME.bitmask` [rows, ⌈columns / 8⌉] (a bit a weight, lowest first, every row beginning a byte) and
/// `NAME.row_offsets` (where each row begins among the values).
struct SparseBitmask {
  /// The tensors with their bytes.
  let tensors: [(name: String, type: SafetensorsType, shape: [Int], bytes: [UInt8])]

  /// Of `weights`, [rows, columns], row-major; nil where the dense form is not larger.
  init?(_ name: String, rows: Int, columns: Int, _ weights: [Float]) {
    let stride = (columns + 7) / 8
    var values: [Float] = []
    var mask = [UInt8](repeating: 0, count: rows * stride)
    var offsets: [Int] = []
    for row in 0..<rows {
      offsets.append(values.count)
      for column in 0..<columns where weights[row * columns + column] != 0 {
        values.append(weights[row * columns + column])
        mask[row * stride + column / 8] |= 1 << UInt8(column % 8)
      }
    }
    guard 4 * values.count + mask.count + 8 * rows + 16 < 4 * weights.count else { return nil }
    func bytes(_ numbers: [Int]) -> [UInt8] {
      numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
    }
    tensors = [
      ("\(name).shape", .i64, [2], bytes([rows, columns])),
      ("\(name).compressed", .f32, [values.count], TensorValues.bytes(values)),
      ("\(name).bitmask", .u8, [rows, stride], mask),
      ("\(name).row_offsets", .i64, [rows], bytes(offsets)),
    ]
  }
}
