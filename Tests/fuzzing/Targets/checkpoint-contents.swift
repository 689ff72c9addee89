import ModelFiles
import Storage

/// A checkpoint whose entries are not yet compressed, so that a change of one byte of the input is a
/// change of one byte of a content, and not of a frame that its checksum refuses.
func fuzz(_ input: [UInt8]) {
  guard
    let header = decoded({ try SafetensorsHeader(fileStart: input, fileSize: input.count) })
  else { return }
  var forms: [(name: String, type: SafetensorsType, shape: [Int])] = []
  var data: [UInt8] = []
  for tensor in header.tensors {
    let range =
      (header.dataStart + tensor.range.lowerBound)..<(header.dataStart + tensor.range.upperBound)
    let frame = accepted("bytes can be compressed") {
      try Zstd.compress(input.span.extracting(range), level: 1)
    }
    forms.append((tensor.name, .u8, [frame.count]))
    data += frame
  }
  let file = accepted("names and sizes that were read can be written") {
    try SafetensorsHeader(placing: forms, metadata: header.metadata).bytes
  }
  fuzzCheckpoint(file + data)
}
