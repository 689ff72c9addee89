import ModelFiles

/// State dicts in safetensors files, with weights as they are or without their zeros: a network that is accepted is
/// the same, bit by bit, from the file that is written of it, and has the same weights from one without zeros.
func fuzz(_ input: [UInt8]) {
  let format = StateDictFormat()
  guard
    let model = decoded({ try format.read(input, path: "a.safetensors", activation: .relu) })
  else { return }
  requireAgain(model, format)
  guard format.obstacle(to: model.state) == nil else { return }
  var export = ModelExport(model.state, saysTask: model.saysTask)
  export.options.sparseBitmask = true
  let bytes = accepted("what was read is written without zeros") { try format.bytes(of: export) }
  let again = accepted("what is written without zeros is read") {
    try format.read(bytes, path: "b", activation: nil)
  }
  require(
    again.state.network.layers.map(\.weights.elements)
      == model.state.network.layers.map(\.weights.elements),
    "the same weights from what was written without zeros")
}
