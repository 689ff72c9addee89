import Storage

/// What a run consists of, as far as it has come: `run.json`, and what `ManifestJournal` adds to it.
package struct Manifest: Sendable, Equatable {
  /// The format that this version reads and writes.
  package static let format = 4

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
  /// What layers take, where stages go by it.
  package var times: [InferenceTimes] = []
  /// The record under every key.
  package private(set) var recordsByKey: [String: StageRecord] = [:]
  /// The keys of the records, oldest first.
  private var keys: [String] = []

  package init(
    name: String, schedulePath: String, overrides: [String], schedule: JSONValue, root: RootRecord,
    data: DataRecord, stages: [StageRecord]
  ) {
    self.name = name
    self.schedulePath = schedulePath
    self.overrides = overrides
    self.schedule = schedule
    self.root = root
    self.data = data
    self.stages = stages
  }

  /// Finished stages, oldest first, one under each key; those of earlier schedules stay. All of them are
  /// gone through for it: `record(of:)` finds one at once.
  package var stages: [StageRecord] {
    get { keys.compactMap { recordsByKey[$0] } }
    set {
      keys.removeAll()
      recordsByKey.removeAll()
      for record in newValue { list(record) }
    }
  }

  /// The times of calls of `batch` samples of such a network; nil where none are measured.
  package func times(of architecture: Architecture, batch: Int) -> InferenceTimes? {
    times.first { $0.fits(architecture, batch: batch) }
  }

  /// The record under `key`.
  package func record(of key: String) -> StageRecord? { recordsByKey[key] }

  /// Adds `record` as the newest, in place of one under its key.
  private mutating func list(_ record: StageRecord) {
    if recordsByKey.updateValue(record, forKey: record.key) != nil,
      let place = keys.lastIndex(of: record.key)
    {
      keys.remove(at: place)
    }
    keys.append(record.key)
  }

  /// Makes `change`.
  package mutating func apply(_ change: ManifestChange) {
    switch change {
    case .listed(let record): list(record)
    case .amended(let record):
      if recordsByKey[record.key] != nil { recordsByKey[record.key] = record }
    case .timed(let times): self.times.append(times)
    }
  }

  /// Notes that the checkpoint under `key` was let go; the record stays.
  mutating func release(_ key: String) {
    guard var record = record(of: key) else { return }
    record.file = nil
    record.bytes = nil
    apply(.amended(record))
  }
}

/// The model before the first stage: what its key was made from.
package struct RootRecord: Sendable, Equatable {
  package var key: String
  package var settings: JSONValue
}

extension Manifest {
  /// The file's content: readable JSON that carries its own digest.
  package var bytes: [UInt8] { sealed.bytes }

  /// The file's content, and the digest that it carries.
  var sealed: (bytes: [UInt8], digest: String) {
    var json = body
    json["sha256"] = .string(Self.noDigest)
    var bytes = Array(json.readable.utf8)
    let digest = Digest.sha256(bytes)
    guard let place = Self.placeOfDigest(in: bytes) else {
      preconditionFailure("the digest has a line of its own")
    }
    bytes.replaceSubrange(place, with: digest.utf8)
    return (bytes, digest)
  }

  /// Reads a manifest; every byte must be as it was written.
  ///
  /// - Throws: `ManifestError`.
  package init(bytes: [UInt8]) throws(ManifestError) {
    do {
      let json = try JSONValue(parsing: bytes)
      let format = try json.integer(at: "format")
      if format != Manifest.format {
        // Every format has its digest in the same place, so that a flipped bit is no new format.
        _ = try Self.digest(of: bytes)
        throw format > Manifest.format
          ? ManifestError.newer(format: format) : ManifestError.older(format: format)
      }
      let root = try json.value(at: "root")
      let stages = try json.array(at: "stages").map(StageRecord.init(json:))
      self.init(
        name: try json.string(at: "name"), schedulePath: try json.string(at: "schedule_path"),
        overrides: try json.array(at: "overrides").map { $0.stringValue ?? "" },
        schedule: try json.value(at: "schedule"),
        root: RootRecord(key: try root.string(at: "key"), settings: try root.value(at: "settings")),
        data: try DataRecord(json: json.value(at: "data")), stages: stages)
      if json["times"] != nil {
        times = try json.array(at: "times").map(InferenceTimes.init(json:))
      }
      guard keys.count == stages.count else {
        throw ManifestError.damaged(reason: "two of its stages have one key")
      }
    } catch let error as ManifestError {
      throw error
    } catch {
      throw .damaged(reason: "\(error)")
    }
    _ = try Self.digest(of: bytes)
  }

  /// What stands in the digest's place while it is computed.
  private static let noDigest = String(repeating: "0", count: 64)

  /// Where the digest stands in the file `bytes`: in a line of its own that no string can look like,
  /// because strings have no line breaks; nil where there is none.
  private static func placeOfDigest(in bytes: [UInt8]) -> Range<Int>? {
    let name = Array("\n  \"sha256\": \"".utf8)
    var start = 0
    while let lineBreak = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      let place = lineBreak + name.count..<lineBreak + name.count + noDigest.utf8.count
      if place.upperBound <= bytes.count, bytes[lineBreak...].starts(with: name) { return place }
      start = lineBreak + 1
    }
    return nil
  }

  /// The digest that the file `bytes` carries, which must be that of all its other bytes.
  static func digest(of bytes: [UInt8]) throws(ManifestError) -> String {
    if let place = placeOfDigest(in: bytes) {
      let stated = String(decoding: bytes[place], as: UTF8.self)
      var bytes = bytes
      bytes.replaceSubrange(place, with: noDigest.utf8)
      if Digest.sha256(bytes) == stated { return stated }
    }
    throw .damaged(reason: "the content does not match its digest")
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
