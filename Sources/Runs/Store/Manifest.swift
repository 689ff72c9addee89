import Storage

/// `run.json`: what a run consists of, as far as it has come.
package struct Manifest: Sendable, Equatable {
  /// The format that this version reads and writes.
  package static let format = 3

  package var name: String
  /// Where the schedule was read from, from the root.
  package var schedulePath: String
  /// What the command line put in place of the schedule's values, as `key.path=value`.
  package var overrides: [String]
  /// The schedule with all defaults written out, `${NAME}` as written.
  package var schedule: JSONValue
  /// Key and settings of the model before the first stage.
  package var root: RootRecord
  package var data: DataRecord
  /// Finished stages, oldest first; those of earlier schedules stay.
  package var stages: [StageRecord]
  /// What layers take, where stages go by it.
  package var times: [InferenceTimes] = []

  /// The times of calls of `batch` samples of such a network; nil where none are measured.
  package func times(of architecture: Architecture, batch: Int) -> InferenceTimes? {
    times.first { $0.fits(architecture, batch: batch) }
  }

  /// The newest record under `key`.
  package func record(of key: String) -> StageRecord? { stages.last { $0.key == key } }

  /// The newest record under every key.
  package var recordsByKey: [String: StageRecord] {
    Dictionary(stages.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
  }
}

/// The model before the first stage: what its key was made from.
package struct RootRecord: Sendable, Equatable {
  package var key: String
  package var settings: JSONValue
}

extension Manifest {
  /// The file's content: readable JSON that carries its own digest.
  package var bytes: [UInt8] {
    var json = body
    json["sha256"] = .string(Digest.sha256(json.canonicalBytes))
    return Array(json.readable.utf8)
  }

  /// Reads a manifest; every byte must be as it was written.
  ///
  /// - Throws: `ManifestError`.
  package init(bytes: [UInt8]) throws(ManifestError) {
    let json: JSONValue
    do {
      json = try JSONValue(parsing: bytes)
      let format = try json.integer(at: "format")
      if format != Manifest.format {
        // Every format has its digest in the same place, so that a flipped bit is no new format.
        var body = json
        body["sha256"] = nil
        guard json["sha256"]?.stringValue == Digest.sha256(body.canonicalBytes) else {
          throw ManifestError.damaged(reason: "the content does not match its digest")
        }
        throw format > Manifest.format
          ? ManifestError.newer(format: format) : ManifestError.older(format: format)
      }
      name = try json.string(at: "name")
      schedulePath = try json.string(at: "schedule_path")
      overrides = try json.array(at: "overrides").map { $0.stringValue ?? "" }
      schedule = try json.value(at: "schedule")
      let root = try json.value(at: "root")
      self.root = RootRecord(
        key: try root.string(at: "key"), settings: try root.value(at: "settings"))
      data = try DataRecord(json: json.value(at: "data"))
      stages = try json.array(at: "stages").map(StageRecord.init(json:))
      if json["times"] != nil {
        times = try json.array(at: "times").map(InferenceTimes.init(json:))
      }
    } catch let error as ManifestError {
      throw error
    } catch {
      throw .damaged(reason: "\(error)")
    }
    if self.bytes != bytes { throw .damaged(reason: "the content does not match its digest") }
  }

  private var body: JSONValue {
    var body: JSONValue = [
      "format": JSONValue(Manifest.format), "name": .string(name),
      "schedule_path": .string(schedulePath),
      "overrides": .array(overrides.map { .string($0) }), "schedule": schedule,
      "root": ["key": .string(root.key), "settings": root.settings], "data": data.json,
      "stages": .array(stages.map(\.json)),
    ]
    if !times.isEmpty { body["times"] = .array(times.map(\.json)) }
    return body
  }
}

/// Why a `run.json` cannot be used.
package enum ManifestError: Error, Equatable {
  case damaged(reason: String)
  case newer(format: Int)
  case older(format: Int)
}

extension ManifestError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .damaged(let reason): reason
    case .newer(let format):
      "written by a newer ecpipe: format \(format), this one reads \(Manifest.format)"
    case .older(let format):
      "written by an older ecpipe: format \(format), this one reads \(Manifest.format)"
    }
  }
}
