import ModelFiles

/// Decodes a checkpoint in bounded memory; one that is accepted is written anew and read again with
/// the same contents, and its header alone tells the same layers.
func fuzzCheckpoint(_ file: [UInt8]) {
  let summary = decoded {
    try CheckpointSummary(fileStart: file, fileSize: file.count, digest: anyDigest)
  }
  guard
    let contents = decoded({
      try Checkpoint.decode(file, base: knownBase, memoryLimit: 8 << 20, digest: anyDigest)
    })
  else { return }
  let written = accepted("what was read can be written") {
    try Checkpoint.encode(contents, level: 1, digest: anyDigest)
  }
  let again = accepted("what is written is read") {
    try Checkpoint.decode(written, memoryLimit: 8 << 20, digest: anyDigest)
  }
  require(again == contents, "the same contents from what was written")
  let twice = accepted("what was read can be written") {
    try Checkpoint.encode(again, level: 1, digest: anyDigest)
  }
  require(twice == written, "the same bytes from the same contents")
  let difference = accepted("what was read can be told as a difference") {
    try Checkpoint.encode(contents, base: knownBase, level: 1, digest: anyDigest)
  }
  let told = accepted("a difference is read with its base") {
    try Checkpoint.decode(
      difference, base: knownBase, memoryLimit: 8 << 20, digest: anyDigest)
  }
  require(told == contents, "the same contents from a difference")
  let names = contents.state.network.layers.map(\.name)
  require(summary?.layers.map(\.name) == names, "the header tells the layers")
}
