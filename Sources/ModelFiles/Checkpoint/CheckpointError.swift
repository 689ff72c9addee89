import Storage

/// What can be wrong with a checkpoint, or with a state that shall become one.
package enum CheckpointError: Error, Equatable, Sendable {
  /// The file cannot be read; `reason` is the system's word for it.
  case unreadable(path: String, reason: String)
  /// The file is no sound safetensors file.
  case container(SafetensorsError)
  /// A sound safetensors file, but without the metadata of a checkpoint.
  case notACheckpoint
  /// The file was made by a program that knows a later format.
  case newerFormat(found: Int, supported: Int)
  /// The file was made by a program of an earlier format.
  case olderFormat(found: Int, supported: Int)
  /// The file stores what changed since the checkpoint of the stage under `key`, and that one is not
  /// there, or is not the one it was.
  case missingBase(key: String)
  /// The metadata do not have the structure of a checkpoint's.
  case metadata(JSONError)
  /// The metadata have the right structure and an impossible value at `path`.
  case metadataValue(path: String, problem: String)
  /// The header is not, byte for byte, what the encoder writes for its contents.
  case headerChanged
  /// The decoded tensors would take more memory than allowed.
  case tooLarge(bytes: Int?, limit: Int)
  /// The decoded tensors do not fit into memory.
  case memory(MemoryLack)
  /// An entry that has to be there is not.
  case missingEntry(String)
  /// An entry stands where none, or another one, has to be.
  case unexpectedEntry(String)
  /// The entry is not coded as `expected`.
  case entryForm(String, expected: String)
  /// The entry's frame does not decompress.
  case frame(entry: String, CompressionError)
  /// The entry's content is not that which was written.
  case contentChanged(entry: String)
  /// The stored bytes are not those that were written, though all contents are.
  case dataChanged
  /// The mask has bits behind its last weight, or another number of survivors than recorded.
  case maskMismatch(entry: String)
  /// The entry holds, or would hold, an infinity or NaN.
  case nonFinite(entry: String)
  /// A value is not 0 where the mask removes the weight.
  case prunedNotZero(entry: String)
  /// A part of the state to be encoded does not fit the network.
  case shape(entry: String)
  /// A layer to be encoded has a name that others would clash with.
  case layerName(String)
}

extension CheckpointError {
  /// Whether a checkpoint is not what was written; else the file is of another kind or version, which
  /// is the caller's mistake.
  package var isDamage: Bool {
    switch self {
    case .notACheckpoint, .newerFormat, .olderFormat, .unreadable, .memory: false
    default: true
    }
  }
}

extension CheckpointError: CustomStringConvertible {
  /// What is wrong, where, and what to do, as a clause that goes on from the name of a file.
  package var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "'\(path)' cannot be read (\(reason)); check its name and permissions"
    case .container(let error):
      "\(error)"
    case .notACheckpoint:
      "this is a safetensors file but no checkpoint of ecpipe; use one that `ecpipe run` wrote"
    case .newerFormat(let found, let supported):
      "made by a newer ecpipe: format \(found), this one reads \(supported); update ecpipe"
    case .olderFormat(let found, let supported):
      "made by an older ecpipe: format \(found), this one reads \(supported); run its schedule "
        + "again with this one"
    case .missingBase(let key):
      "it stores what changed since the checkpoint of key \(key.prefix(8)), which is missing or "
        + "another one; \(Self.remedy)"
    case .metadata(let error):
      "the metadata are not a checkpoint's (\(error)); \(Self.remedy)"
    case .metadataValue(let path, let problem):
      "the metadata are damaged: \"\(path)\" \(problem); \(Self.remedy)"
    case .headerChanged:
      "the header was changed after it was written; \(Self.remedy)"
    case .tooLarge(let bytes, let limit):
      "the tensors take \(bytes.map { "\($0)" } ?? "countless") bytes of memory, "
        + "more than the \(limit) allowed; use a machine with more"
    case .memory(let lack):
      "reading it \(lack)"
    case .frame(let entry, .outOfMemory(let format)):
      "entry '\(entry)': \(CompressionError.outOfMemory(format))"
    case .frame(let entry, let error):
      "entry '\(entry)': \(error.problem); \(Self.remedy)"
    case .dataChanged:
      "the data were changed after they were written; \(Self.remedy)"
    case .layerName(let name):
      "a layer is named \(JSONValue.string(name).canonical); use ASCII letters, digits, '_' and "
        + "'-', each name once, and not input, target, classes, best or ecpipe"
    case .missingEntry, .unexpectedEntry, .entryForm, .contentChanged, .maskMismatch, .nonFinite,
      .prunedNotZero, .shape:
      entryDescription
    }
  }

  /// `description` without what to do in general, for whoever knows better.
  package static func withoutRemedy(_ description: String) -> String {
    let end = "; " + remedy
    return description.hasSuffix(end) ? String(description.dropLast(end.count)) : description
  }

  private static let remedy = "restore the file from a copy or run the stage again"

  /// The description of what concerns one entry.
  private var entryDescription: String {
    let (entry, problem, remedy) =
      switch self {
      case .missingEntry(let entry): (entry, "is missing", Self.remedy)
      case .unexpectedEntry(let entry): (entry, "does not belong where it stands", Self.remedy)
      case .entryForm(let entry, let expected): (entry, "is not coded as \(expected)", Self.remedy)
      case .contentChanged(let entry): (entry, "was changed after it was written", Self.remedy)
      case .maskMismatch(let entry): (entry, "does not fit its layer", Self.remedy)
      case .nonFinite(let entry): (entry, "holds an infinity or NaN", "train with a lower rate")
      case .prunedNotZero(let entry): (entry, "is not 0 where its mask removes a weight", report)
      case .shape(let entry): (entry, "does not fit the network", report)
      default: ("", "", "")
      }
    return "entry '\(entry)' \(problem); \(remedy)"
  }

  private var report: String { "this is a mistake in ecpipe, please report it" }
}
