import Datasets

/// NPY: an array that is accepted is written as Float32 and read again with the same bits.
func fuzz(_ input: [UInt8]) {
  guard let array = decoded({ try NPY.array(input, file: "a.npy") }) else { return }
  _ = decoded { try array.classes(known: nil) }
  _ = decoded { try array.matrix(role: .targets) }
  guard let matrix = decoded({ try array.matrix(role: .inputs) }) else { return }
  let again = accepted("what is written is read") {
    try NPY.array(NPY.bytes(of: matrix), file: "b.npy").matrix(role: .inputs)
  }
  requireSameBits(matrix, again, "the same matrix from what was written")
}
