import Engine
import Foundation
import TestSupport

/// `Golden/bits.json`: what small runs come to under one version of the engine.
struct GoldenBits: Codable {
  /// What writes the file.
  static let writing = "ECPIPE_GOLDEN=write swift test --filter GoldenBitsTests"
  /// Where it lies, with the schedules.
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Golden").path

  /// What the environment wants of the file.
  enum Use: String {
    /// Results are compared with it where it has a table for the processor.
    case compare
    /// The same, and a processor without a table is an error.
    case demand
    /// Tables are put into it.
    case write

    static let wanted =
      Use(rawValue: ProcessInfo.processInfo.environment["ECPIPE_GOLDEN"] ?? "") ?? .compare
  }

  /// What runs come to on one processor.
  struct Table: Codable {
    /// The members of the fingerprint that matter to runs as small as these.
    let processor: [String: String]
    /// By the names of the schedules.
    let runs: [String: Run]
  }

  /// One schedule with its data, and what it comes to.
  struct Run: Codable, Equatable {
    /// Digest of the schedule and the data.
    let inputs: String
    /// Digests of the models and their metrics, by the names of their files without keys, and of
    /// predictions.
    let results: [String: String]
  }

  private var command = writing
  /// The version of the engine that the tables are from.
  var engine = EngineVersion.current
  /// One a processor.
  var tables: [Table] = []

  /// The file as it is.
  static func stored() throws -> GoldenBits { try GoldenFile.load("bits.json") }

  /// The table of a processor; nil where there is none.
  func table(of processor: [String: String]) -> Table? {
    tables.first { $0.processor == processor }
  }

  /// Puts `table` in the place of the one of its processor.
  mutating func put(_ table: Table) {
    tables.removeAll { $0.processor == table.processor }
    tables.append(table)
    tables.sort { "\($0.processor.sorted { $0 < $1 })" < "\($1.processor.sorted { $0 < $1 })" }
  }

  func write() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try (encoder.encode(self) + Data("\n".utf8)).write(
      to: URL(filePath: Self.folder + "/bits.json"))
  }
}

extension GoldenBits.Table {
  /// The results that come out otherwise than in `stored`, of runs with the same schedule and data.
  func otherBits(than stored: Self) -> [String] {
    runs.keys.sorted().flatMap { name -> [String] in
      guard let own = runs[name], let other = stored.runs[name], own.inputs == other.inputs else {
        return []
      }
      return Set(own.results.keys).union(other.results.keys).sorted()
        .filter { own.results[$0] != other.results[$0] }.map { "\(name)/\($0)" }
    }
  }

  /// The schedules that were added, edited or removed since `stored`, their data included.
  func otherInputs(than stored: Self) -> [String] {
    Set(runs.keys).union(stored.runs.keys).sorted()
      .filter { runs[$0]?.inputs != stored.runs[$0]?.inputs }
  }
}
