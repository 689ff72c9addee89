import ModelFiles

/// ONNX files without others beside them: a network that is accepted is the same, bit by bit, from the file
/// that is written of it.
func fuzz(_ input: [UInt8]) {
  let format = ONNXFormat()
  guard
    let model = decoded({
      try format.read(input, path: "/nowhere/a.onnx", activation: nil)
    })
  else { return }
  requireAgain(model, format)
}
