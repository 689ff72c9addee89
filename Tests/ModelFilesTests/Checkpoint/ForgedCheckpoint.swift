import ModelFiles
import Storage

/// A checkpoint taken apart, to be put together again with sound digests over unsound contents.
struct ForgedCheckpoint {
  /// The seal in the header.
  var seal: JSONValue
  /// The description, which is the first entry.
  var metadata: JSONValue
  /// The entries behind it.
  var entries: [(name: String, frame: [UInt8])]

  init(_ contents: CheckpointContents, base: CheckpointBase? = nil) throws {
    let file = try Checkpoint.encode(contents, base: base, level: 3, digest: fnv)
    let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    seal = try JSONValue(parsing: header.metadata["ecpipe"]?.stringValue ?? "")
    var entries = header.tensors.map { tensor in
      let data = file[header.dataStart...].dropFirst(tensor.range.lowerBound)
      return (name: tensor.name, frame: Array(data.prefix(tensor.range.count)))
    }
    let description = entries.removeFirst().frame
    metadata = try JSONValue(parsing: Zstd.decompress(description.span, limit: 1 << 20))
    self.entries = entries
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
      let description = metadata.canonicalBytes
      let first = (name: "ecpipe", frame: try Zstd.compress(description.span, level: 9))
      let all = [first] + entries
      let data = all.flatMap(\.frame)
      var seal = seal
      seal["data_digest"] = .string(fnv(data))
      seal["description"] = [
        "bytes": JSONValue(description.count), "digest": .string(fnv(description)),
      ]
      let header = try SafetensorsHeader(
        placing: all.map { ($0.name, .u8, [$0.frame.count]) },
        metadata: ["ecpipe": .string(seal.canonical)])
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
