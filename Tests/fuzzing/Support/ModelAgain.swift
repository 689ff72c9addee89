import ModelFiles

/// Ends the process unless the network of `model`, written by `format` and read again, is the same.
func requireAgain(_ model: FileModel, _ format: any ModelFormat) {
  // What a file says of columns may be a scale that cannot be folded.
  guard format.obstacle(to: model.state) == nil else { return }
  let bytes = accepted("what was read is written") {
    try format.bytes(of: ModelExport(model.state, saysTask: model.saysTask))
  }
  let again = accepted("what is written is read") {
    try format.read(bytes, path: "b", activation: nil)
  }
  require(again.state.network == model.state.network, "the same network from what was written")
  require(again.state.classes == model.state.classes, "the same classes from what was written")
  require(again.saysTask == model.saysTask, "as much known of the outputs")
}
