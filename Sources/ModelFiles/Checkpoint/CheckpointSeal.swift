import Storage

/// What the header of the file says itself: its format, and what its description and its data are.
///
/// The description (`CheckpointMetadata`) is the first entry, compressed like the others: in plain
/// JSON it would be half of a small network's file.
struct CheckpointSeal: Sendable, Equatable {
  /// The name of its string in `__metadata__`, and of the entry with the description.
  static let name = "ecpipe"
  /// Largest description that is read, in bytes: 16 MiB.
  static let largestDescription = 16 << 20

  /// Bytes of the description.
  let descriptionBytes: Int
  /// Of the description.
  let descriptionDigest: String
  /// Of the whole data section.
  let dataDigest: String

  init(descriptionBytes: Int, descriptionDigest: String, dataDigest: String) {
    self.descriptionBytes = descriptionBytes
    self.descriptionDigest = descriptionDigest
    self.dataDigest = dataDigest
  }

  /// The canonical JSON text.
  var text: String {
    let json: JSONValue = [
      "format": JSONValue(Checkpoint.format), "data_digest": .string(dataDigest),
      "description": [
        "bytes": JSONValue(descriptionBytes), "digest": .string(descriptionDigest),
      ],
    ]
    return json.canonical
  }

  /// Reads the seal in `header`.
  /// - Throws: `CheckpointError`.
  init(_ header: SafetensorsHeader) throws(CheckpointError) {
    // An exported state dict describes itself under the same name.
    guard let text = header.metadata[Self.name]?.stringValue, header.metadata["format"] == nil
    else {
      throw .notACheckpoint
    }
    let json: JSONValue
    let format: Int
    do throws(JSONError) {
      json = try JSONValue(parsing: text)
      format = try json.integer(at: "format")
    } catch {
      throw .metadata(error)
    }
    // Nothing else may be read of a format that is not known.
    guard format == Checkpoint.format else {
      throw format > Checkpoint.format
        ? .newerFormat(found: format, supported: Checkpoint.format)
        : .olderFormat(found: format, supported: Checkpoint.format)
    }
    do throws(JSONError) {
      dataDigest = try json.string(at: "data_digest")
      let description = try json.value(at: "description")
      descriptionBytes = try description.integer(at: "bytes")
      descriptionDigest = try description.string(at: "digest")
    } catch {
      throw .metadata(error)
    }
    guard (0...Self.largestDescription).contains(descriptionBytes) else {
      throw .metadataValue(path: "description.bytes", problem: "is impossible")
    }
    guard self.text == text else { throw .headerChanged }
  }
}

extension CheckpointSeal {
  /// The first tensor, which has to be the description.
  /// - Throws: `CheckpointError.missingEntry`.
  static func description(
    in header: SafetensorsHeader
  ) throws(CheckpointError) -> SafetensorsHeader.Tensor {
    guard let first = header.tensors.first, first.name == name, first.type == .u8 else {
      throw .missingEntry(name)
    }
    return first
  }
}

extension CheckpointSeal {
  /// The description in `frame`, the bytes of the first tensor.
  /// - Throws: `CheckpointError`.
  func metadata(
    in frame: Span<UInt8>, digest: ContentDigest
  ) throws(CheckpointError) -> CheckpointMetadata {
    let description: [UInt8]
    do throws(CompressionError) {
      description = try Zstd.decompressFrame(frame, size: descriptionBytes)
    } catch {
      throw .frame(entry: Self.name, error)
    }
    guard digest(description) == descriptionDigest else { throw .contentChanged(entry: Self.name) }
    return try CheckpointMetadata(description)
  }
}
