import Datasets

/// IDX: an array that is accepted is written as Float64 and read again with the same bits.
func fuzz(_ input: [UInt8]) {
  guard let array = decoded({ try IDX.array(input, file: "a.idx") }) else { return }
  _ = decoded { try array.classes(known: nil) }
  _ = decoded { try array.matrix(role: .targets) }
  guard let matrix = decoded({ try array.matrix(role: .inputs) }) else { return }
  var written: [UInt8] = [0, 0, 0x0e, 2]
  for length in [matrix.rows, matrix.columns] {
    written += littleEndian(UInt32(length)).reversed()
  }
  for element in matrix.elements { written += littleEndian(element.bitPattern).reversed() }
  let again = accepted("what is written is read") {
    try IDX.array(written, file: "b.idx").matrix(role: .inputs)
  }
  requireSameBits(matrix, again, "the same matrix from what was written")
}
