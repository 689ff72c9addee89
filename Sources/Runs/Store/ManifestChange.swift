import Storage

/// One change of a manifest while a run goes on, as a line of its journal has it.
package enum ManifestChange: Sendable, Equatable {
  /// A record is added as the newest, in place of one under its key.
  case listed(StageRecord)
  /// The record under its key becomes this one, where it stands.
  case amended(StageRecord)
  /// What layers take is measured.
  case timed(InferenceTimes)
}

extension ManifestChange {
  /// The change as a member that names it.
  package var json: JSONObject {
    switch self {
    case .listed(let record): ["listed": record.json]
    case .amended(let record): ["amended": record.json]
    case .timed(let times): ["timed": times.json]
    }
  }

  /// - Throws: `JSONError`.
  package init(json: JSONValue) throws(JSONError) {
    if let record = json["listed"] {
      self = .listed(try StageRecord(json: record))
    } else if let record = json["amended"] {
      self = .amended(try StageRecord(json: record))
    } else {
      self = .timed(try InferenceTimes(json: json.value(at: "timed")))
    }
  }

  /// Bytes by which the change makes `run.json` longer, at most.
  package var bytesInManifest: Int {
    json.reduce(0) { sum, member in
      let text = member.value.readable.utf8
      // Two levels deeper there, and with a comma and a line break.
      return sum + text.count + 4 * (1 + text.count { $0 == UInt8(ascii: "\n") }) + 64
    }
  }
}
