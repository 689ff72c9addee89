import Storage

/// What became of a night, or of somebody's wish: a line of `decisions.jsonl`.
package struct Decision: Sendable, Equatable {
  /// What was decided.
  package enum Outcome: String, Sendable, CaseIterable {
    /// Tonight's network is in service.
    case promoted
    /// The champion stays, because it is as good and smaller, or the same.
    case kept
    /// The champion stays, because tonight's network is not good enough.
    case refused
    /// The champion stays, because the rows do not tell.
    case undecided
    /// The data were not fit to be trained on.
    case stopped
    /// The night failed.
    case failed
    /// An interrupted night that could not go on: its data are gone.
    case abandoned
    /// Somebody put an earlier network back into service.
    case rolledBack = "rolled_back"

    /// For people.
    package var words: String { rawValue.replacing("_", with: " ") }
  }

  /// The night that it is about.
  package let night: String
  /// When it was decided, for people.
  package let time: String
  package let outcome: Outcome
  /// Whether somebody demanded it.
  package let isForced: Bool
  /// Why, as a clause.
  package let reason: String
  /// The night whose network is in service from then on; nil for none.
  package let champion: String?
  /// SHA-256 of that network's checkpoint; nil where it was not looked at.
  package let championDigest: String?
  package let comparison: Comparison?
  package let challenger: Contender?
  package let incumbent: Contender?
  /// Sentences about the data.
  package let warnings: [String]

  package init(
    night: String, time: String, outcome: Outcome, isForced: Bool = false, reason: String,
    champion: String?, championDigest: String? = nil, comparison: Comparison? = nil,
    challenger: Contender? = nil, incumbent: Contender? = nil, warnings: [String] = []
  ) {
    self.night = night
    self.time = time
    self.outcome = outcome
    self.isForced = isForced
    self.reason = reason
    self.champion = champion
    self.championDigest = championDigest
    self.comparison = comparison
    self.challenger = challenger
    self.incumbent = incumbent
    self.warnings = warnings
  }

  /// Whether there is a finished network of the night.
  package var isOfNetwork: Bool {
    switch outcome {
    case .promoted, .kept, .refused, .undecided: true
    case .stopped, .failed, .abandoned, .rolledBack: false
    }
  }

  /// The outcome for people, and whether somebody demanded it.
  package var words: String { outcome.words + (isForced ? ", forced" : "") }

  /// Whether another network is in service from then on.
  package var changesService: Bool { outcome == .promoted || outcome == .rolledBack }
}

extension Decision {
  package var json: JSONObject {
    [
      "format": 1, "night": .string(night), "time": .string(time),
      "outcome": .string(outcome.rawValue), "forced": .bool(isForced), "reason": .string(reason),
      "champion": JSONValue(champion), "champion_sha256": JSONValue(championDigest),
      "comparison": comparison?.json ?? .null, "challenger": challenger?.json ?? .null,
      "incumbent": incumbent?.json ?? .null, "warnings": .array(warnings.map { .string($0) }),
    ]
  }

  init(json: JSONObject) throws(JSONError) {
    let value = JSONValue.object(json)
    guard let outcome = Outcome(rawValue: try value.string(at: "outcome")) else {
      throw .wrongKind(path: "outcome", expected: "an outcome", found: "something else")
    }
    func contender(_ name: String) throws(JSONError) -> Contender? {
      guard let json = value[name], !json.isNull else { return nil }
      return try Contender(json: json)
    }
    var comparison: Comparison?
    if let json = value["comparison"], !json.isNull { comparison = try Comparison(json: json) }
    self.init(
      night: try value.string(at: "night"), time: try value.string(at: "time"), outcome: outcome,
      isForced: try value.bool(at: "forced"), reason: try value.string(at: "reason"),
      champion: value["champion"]?.stringValue,
      championDigest: value["champion_sha256"]?.stringValue, comparison: comparison,
      challenger: try contender("challenger"), incumbent: try contender("incumbent"),
      warnings: value["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? [])
  }
}
