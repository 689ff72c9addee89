import ModelFiles

/// The safetensors header: one that is accepted is written anew and read again with the same
/// tensors, and placing these tensors gives the same places.
func fuzz(_ input: [UInt8]) {
  guard
    let header = decoded({ try SafetensorsHeader(fileStart: input, fileSize: input.count) })
  else { return }
  let bytes = header.bytes
  let again = accepted("what is written is read") {
    try SafetensorsHeader(fileStart: bytes, fileSize: bytes.count + header.dataCount)
  }
  require(again.tensors == header.tensors, "the same tensors from what was written")
  require(again.metadata == header.metadata, "the same metadata from what was written")
  let placed = accepted("tensors that were read can be placed") {
    try SafetensorsHeader(
      placing: header.tensors.map { ($0.name, $0.type, $0.shape) }, metadata: header.metadata)
  }
  require(placed == again, "the same header from the same tensors")
}
