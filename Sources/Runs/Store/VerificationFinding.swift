import ModelFiles
import Storage

/// One thing that is not as it was written.
package struct VerificationFinding: Sendable, Equatable {
  /// The file, as a path.
  package let file: String
  /// The stage it belongs to; nil for the manifest, the link and for progress of an unknown stage.
  package let stage: String?
  /// What is wrong, as a clause; it names the entry where one is damaged.
  package let reason: String
  /// What to do about it, as a clause.
  package let remedy: String

  package init(file: String, stage: String?, reason: String, remedy: String) {
    (self.file, self.stage, self.reason, self.remedy) = (file, stage, reason, remedy)
  }
}

extension VerificationFinding {
  /// What stands in the place of a file and is none; nil for another error.
  package init?(noFile error: StoreError) {
    guard error.isOfNoFile else { return nil }
    self.init(
      file: error.path, stage: nil,
      reason: "something else stands in its place (\(error.reason))",
      remedy: "move that away, and verify again")
  }
}

extension VerificationFinding: CustomStringConvertible {
  package var description: String { "\(file): damaged: \(reason); \(remedy)" }

  /// The form of an element of `findings` in `verify --json`.
  package var json: JSONValue {
    [
      "file": .string(file), "stage": JSONValue(stage), "reason": .string(reason),
      "remedy": .string(remedy),
    ]
  }
}

/// What a verification found.
package struct VerificationReport: Sendable, Equatable {
  package let name: String
  /// Whether contents and metrics were looked at too.
  package var isDeep = false
  /// Checkpoints whose SHA-256 was compared.
  package var checkpoints = 0
  /// Bytes that were hashed.
  package var bytes = 0
  /// Stages whose metrics were measured again.
  package var measured = 0
  /// What is damaged.
  package var findings: [VerificationFinding] = []
  /// What is worth knowing and no damage.
  package var notes: [String] = []

  /// Nothing found yet.
  package init(name: String) { self.name = name }

  mutating func add(_ file: String, _ stage: String?, _ reason: String, _ remedy: String) {
    findings.append(
      VerificationFinding(
        file: file, stage: stage, reason: CheckpointError.withoutRemedy(reason), remedy: remedy))
  }

  /// - Throws: `VerificationFailure` when anything is damaged.
  package func check() throws(VerificationFailure) {
    if !findings.isEmpty { throw VerificationFailure(findings: findings) }
  }

  /// The form of `verify --json`.
  package var json: JSONValue {
    [
      "format": 1, "name": .string(name), "deep": .bool(isDeep), "sound": .bool(findings.isEmpty),
      "checkpoints": JSONValue(checkpoints), "bytes": JSONValue(bytes),
      "measured": JSONValue(measured), "findings": .array(findings.map(\.json)),
      "notes": .array(notes.map { .string($0) }),
    ]
  }
}

/// Everything that a verification found damaged.
package struct VerificationFailure: Error, Equatable, CustomStringConvertible {
  package let findings: [VerificationFinding]

  package init(findings: [VerificationFinding]) { self.findings = findings }

  package var description: String {
    let lines = findings.map(\.description)
    return lines.count == 1
      ? lines[0] : "\(lines.count) damages:\n" + lines.joined(separator: "\n")
  }
}
