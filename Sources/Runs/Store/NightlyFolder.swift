import Storage

/// The names of what lies in the folder of a nightly job, beside its nights.
package struct NightlyLayout: FolderLayout {
  package var note = NightlyLayout.kind.mark
  /// What was decided, a line a decision.
  package var decisions = "decisions.jsonl"
  /// The link to the night whose network is in service.
  package var champion = "champion"
  /// What nights have said.
  package var log = "nightly.log"
  /// Hashes of the rows that the last night was trained on.
  package var rows = "rows.bin"
  /// The page of what was decided.
  package var report = "report.html"

  package static let kind = FolderKind.nightly
  package static let standard = NightlyLayout()
}

/// Where the files of one nightly job lie.
package typealias NightlyFolder = WorkFolder<NightlyLayout>

extension WorkFolder where Layout == NightlyLayout {
  package var note: String { file(layout.note) }
  package var decisions: String { file(layout.decisions) }
  package var champion: String { file(layout.champion) }
  package var log: String { file(layout.log) }
  package var rows: String { file(layout.rows) }
  package var report: String { file(layout.report) }

  /// Whether such a job has its folder here.
  package var isThere: Bool { FilePaths.exists(note) }

  /// Whether the file that marks such a job says what it was written to say. A folder may have another name by now.
  package var hasSoundNote: Bool {
    guard let bytes = try? FilePaths.readIfThere(note, limit: 1 << 20),
      let json = try? JSONValue(parsing: bytes)
    else { return false }
    return json["format"]?.intValue == 1 && json["name"]?.stringValue != nil
  }

  /// The folder of the night called `name`.
  package func night(_ name: String) -> RunFolder { RunFolder(checkpoints: path, name: name) }

  /// The names of all nights that have a folder, the oldest first.
  package var nights: [String] {
    guard isThere else { return [] }
    return FilePaths.entries(of: path).filter {
      NightName.isOne($0) && FilePaths.isFolder(file($0))
    }
    .sorted { NightName.order($0) < NightName.order($1) }
  }

  /// The name of the night that the link leads to; nil where there is no link.
  package var linkedNight: String? { FilePaths.linkTarget(champion) }

  /// Why no link can be made at `path`; nil where one can.
  package static func obstacle(toLink path: String) -> String? {
    FilePaths.isTaken(path) && FilePaths.linkTarget(path) == nil
      ? "this is no link, where the one to the network in service belongs; move it away, and the next "
        + "night leads one there again"
      : nil
  }

  /// Makes the folder, with its note, and removes what a killed night has left half-written, also of its exports.
  ///
  /// - Throws: `StoreError`.
  package func make() throws(StoreError) {
    try FilePaths.makeFolders(path)
    try removeHalfWritten()
    for run in nights.map(night) { try run.removeHalfWritten(in: run.layout.exports) }
    guard !isThere else { return }
    let json: JSONValue = ["format": 1, "name": .string(name)]
    try DurableFile.write(Array(json.readable.utf8), to: note)
  }
}

/// The names of nights: when they began, in UTC, `2026-11-23T0230`, and a number behind it where
/// another began in that minute.
package enum NightName {
  /// The name of a night that begins at `time`, ISO 8601 to the second, in UTC, unless `isTaken`.
  package static func unused(at time: String, isTaken: (String) -> Bool) -> String {
    let name = String(time.prefix(16).filter { $0 != ":" })
    var candidate = name
    var number = 1
    while isTaken(candidate) {
      number += 1
      candidate = "\(name)-\(number)"
    }
    return candidate
  }

  /// Whether `name` is that of a night.
  package static func isOne(_ name: String) -> Bool { parts(of: name) != nil }

  /// When the night called `name` began, ISO 8601 in UTC, to the minute that its name has.
  package static func time(of name: String) -> String {
    "\(name.prefix(13)):\(name.dropFirst(13).prefix(2)):00Z"
  }

  /// What nights are sorted by.
  package static func order(_ name: String) -> (String, Int) { parts(of: name) ?? (name, 0) }

  private static func parts(of name: String) -> (String, Int)? {
    let bytes = Array(name.utf8)
    guard bytes.count >= 15 else { return nil }
    let isTime = zip(bytes, "0000-00-00T0000".utf8).allSatisfy { byte, model in
      model == UInt8(ascii: "0") ? (48...57).contains(byte) : byte == model
    }
    guard isTime else { return nil }
    let rest = name.dropFirst(15)
    if rest.isEmpty { return (name, 1) }
    guard rest.first == "-", let number = Int(rest.dropFirst()), number >= 2,
      "-\(number)" == rest
    else { return nil }
    return (String(name.prefix(15)), number)
  }
}
