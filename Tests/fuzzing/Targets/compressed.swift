import Storage

/// `.gz` and `.zst`: content that is accepted comes back from what is compressed anew.
func fuzz(_ input: [UInt8]) {
  let limit = 1 << 20
  if let content = decoded({ try gunzip(input, limit: limit) }) {
    require(content.count <= limit, "no more than the limit")
    let again = accepted("what is written is read") {
      try gunzip(storedGzip(content), limit: content.count)
    }
    require(again == content, "the same content from what was written")
  }
  if let content = decoded({ try unpack(input, limit: limit) }) {
    require(content.count <= limit, "no more than the limit")
    let again = accepted("what is written is read") {
      try unpackFrame(pack(content), size: content.count)
    }
    require(again == content, "the same content from what was written")
  }
  // The size that the entry of a checkpoint would state; three bytes of it are enough.
  let size = input.prefix(3).reduce(0) { $0 << 8 | Int($1) }
  _ = decoded { try unpackFrame(Array(input.dropFirst(3)), size: size) }
}

// Functions of their own, because a span inside a closure that throws crashes the compiler (6.3).
private func gunzip(_ input: [UInt8], limit: Int) throws -> [UInt8] {
  try Inflate.gunzip(input.span, limit: limit)
}

private func unpack(_ input: [UInt8], limit: Int) throws -> [UInt8] {
  try Zstd.decompress(input.span, limit: limit)
}

private func unpackFrame(_ frame: [UInt8], size: Int) throws -> [UInt8] {
  try Zstd.decompressFrame(frame.span, size: size)
}

private func pack(_ content: [UInt8]) throws -> [UInt8] {
  try Zstd.compress(content.span, level: 1)
}

/// A gzip file whose deflate stream has only stored blocks.
private func storedGzip(_ content: [UInt8]) -> [UInt8] {
  var file: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
  var start = 0
  repeat {
    let end = min(start + 0xffff, content.count)
    let length = UInt16(end - start)
    file += [end == content.count ? 1 : 0] + littleEndian(length) + littleEndian(~length)
    file += content[start..<end]
    start = end
  } while start < content.count
  return file + littleEndian(Inflate.crc32(content.span)) + littleEndian(UInt32(content.count))
}
