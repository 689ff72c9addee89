import Storage

/// The tables that were converted to files of numbers (`storage: file`), beside the runs of a folder, and which of them
/// the data of a run need.
package struct ConvertedTables: Sendable {
  /// One of them.
  package struct Table: Sendable, Equatable {
    /// How the names of its files begin.
    package let name: String
    /// Its files, with their folder.
    package let files: [String]
    /// Bytes that removing it makes free.
    package let bytes: Int
    /// What speaks for it; nothing where it can go.
    package let reasons: [String]

    package var isKept: Bool { !reasons.isEmpty }
  }

  /// The folder of all runs.
  private let checkpoints: String
  private var folder: String { checkpoints + "/" + GeneratedSolutions.folderName }

  /// Seconds in which a table may belong to a run that has not written so yet.
  private static let fresh = 3600.0

  package init(checkpoints: String) { self.checkpoints = checkpoints }

  /// All of them, by name.
  package var all: [Table] {
    let names = FilePaths.entries(of: folder).filter { $0.hasPrefix("table-") }
    if names.isEmpty { return [] }
    let needed = needed
    let sets = Dictionary(grouping: names) { String($0.prefix { $0 != "." }) }
    return sets.keys.sorted().map { name in
      let files = (sets[name] ?? []).map { "\(folder)/\($0)" }
      let isFresh = files.contains { FileStamp(path: $0).map { $0.age < Self.fresh } ?? false }
      return Table(
        name: name, files: files,
        bytes: files.reduce(0) { $0 + FilePaths.bytesFreed(byRemoving: $1) },
        reasons: (needed[name] ?? []) + (needed[Self.any] ?? []) + (isFresh ? ["new"] : []))
    }
  }

  /// Removes those of `tables` that nothing speaks for.
  ///
  /// - Throws: `StoreError`.
  package static func release(_ tables: [Table]) throws(StoreError) {
    for table in tables where !table.isKept {
      for file in table.files { try DurableFile.remove(file) }
    }
  }

  /// Stands for every table.
  private static let any = ""

  /// The runs that need each table. One that cannot be read may need any.
  private var needed: [String: [String]] {
    var runs: [String: [String]] = [:]
    for name in FilePaths.entries(of: checkpoints) {
      let folder = RunFolder(checkpoints: checkpoints, name: name)
      guard FilePaths.isTaken(folder.manifest) else { continue }
      if let manifest = try? RecordedRun(folder: folder).manifest {
        for table in manifest.data.tables { runs[table, default: []].append(name) }
      } else {
        runs[Self.any, default: []].append("\(name), which cannot be read")
      }
    }
    return runs
  }
}

extension ConvertedTables.Table {
  /// As `gc` and `list` give it.
  package var json: JSONValue {
    [
      "name": .string(name), "bytes": JSONValue(bytes), "kept": .bool(isKept),
      "reasons": .array(reasons.map { .string($0) }),
    ]
  }
}
