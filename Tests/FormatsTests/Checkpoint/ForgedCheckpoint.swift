import Formats

/// A checkpoint taken apart, to be put together again with sound digests over unsound contents.
struct ForgedCheckpoint {
  var metadata: JSONValue
  var entries: [(name: String, frame: [UInt8])]

  init(_ contents: CheckpointContents) throws {
    let file = try encoded(contents)
    let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    metadata = try JSONValue(parsing: header.metadata["ecpipe"]?.stringValue ?? "")
    entries = header.tensors.map { tensor in
      let data = file[header.dataStart...].dropFirst(tensor.range.lowerBound)
      return (tensor.name, Array(data.prefix(tensor.range.count)))
    }
  }

  /// Replaces the content of entry `name`, with its digest and frame.
  mutating func replace(_ name: String, with content: [UInt8]) throws {
    let index = entries.firstIndex { $0.name == name }!
    entries[index].frame = try Zstd.compress(content.span, level: 3)
    metadata.change("entries", name, "digest") { $0 = .string(fnv(content)) }
  }

  /// The file, with digests that fit.
  var bytes: [UInt8] {
    get throws {
      let data = entries.flatMap(\.frame)
      var metadata = metadata
      metadata["digest"] = nil
      metadata["data_digest"] = .string(fnv(data))
      metadata["digest"] = .string(fnv(metadata.canonicalBytes))
      let header = try SafetensorsHeader(
        placing: entries.map { ($0.name, .u8, [$0.frame.count]) },
        metadata: ["ecpipe": .string(metadata.canonical)])
      return header.bytes + data
    }
  }
}

extension JSONValue {
  /// Changes the value at `path`, a list of names and array positions.
  mutating func change(_ path: String..., by body: (inout JSONValue) -> Void) {
    change(path[...], by: body)
  }

  private mutating func change(_ path: ArraySlice<String>, by body: (inout JSONValue) -> Void) {
    guard let first = path.first else { return body(&self) }
    if var elements = arrayValue {
      elements[Int(first)!].change(path.dropFirst(), by: body)
      self = .array(elements)
    } else {
      var member = self[first]!
      member.change(path.dropFirst(), by: body)
      self[first] = member
    }
  }
}
