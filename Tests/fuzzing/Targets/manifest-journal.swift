import Storage

@testable import Runs

/// `run.journal`, behind a manifest without stages: as it is, and with the digests of its lines made
/// right. What is read stands in a manifest that is written and read again with the same bytes.
func fuzz(_ input: [UInt8]) {
  replay(input)
  var journal: [UInt8] = []
  var last = start
  for (index, line) in input.split(separator: UInt8(ascii: "\n")).enumerated() {
    let text = line.firstIndex(of: UInt8(ascii: " ")).map { Array(line[($0 + 1)...]) } ?? []
    guard var json = decoded({ try JSONValue(parsing: text) }), json.objectValue != nil else {
      break
    }
    json["after"] = .string(last)
    json["line"] = JSONValue(index + 1)
    last = Digest.sha256(json.canonicalBytes)
    journal += Array((last + " " + json.canonical + "\n").utf8)
  }
  replay(journal)
}

/// What stands for the digest of `run.json`.
private let start = String(repeating: "0", count: 64)

private func replay(_ journal: [UInt8]) {
  let facts = DataFacts(
    digest: "cd", inputs: 4, outputs: 3, classes: [], trainingSamples: 70, validationSamples: nil,
    testSamples: nil)
  var manifest = Manifest(
    name: "x", schedulePath: "/x.yaml", overrides: [], schedule: [:],
    root: RootRecord(key: "00ff", settings: [:]),
    data: DataRecord(settings: [:], files: [], facts: facts), stages: [])
  // Where a line is refused, what stands before it counts.
  _ = decoded { try ManifestJournal.replay(journal, behind: start, in: &manifest) }
  check(manifest)
}
