import ModelFiles

/// NPZ files of weights: a network that is accepted is the same, bit by bit, from the file that is written
/// of it.
func fuzz(_ input: [UInt8]) {
  let format = NPZFormat()
  guard
    let model = decoded({ try format.read(input, path: "a.npz", activation: .relu) })
  else { return }
  requireAgain(model, format)
}
