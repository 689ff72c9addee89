import RunFixtures
import Runs
import Storage
import Testing

@Suite("ManifestJournal") struct ManifestJournalTests {
  /// A manifest, a digest that it may carry, and a journal of three lines behind it.
  private struct Case {
    var manifest: Manifest
    let digest = Digest.sha256("run.json")
    var lines: [[UInt8]] = []
    /// The manifest after each line.
    var after: [Manifest] = []

    init() throws {
      manifest = try RunFixture().run { $0.until = "train" }.manifest
      manifest.stages = [try RecordFixture.record("a")]
      var changed = manifest
      var last = digest
      let changes: [ManifestChange] = try [
        .listed(RecordFixture.record("b")), .amended(RecordFixture.record("a", file: nil)),
        .listed(RecordFixture.record("c")),
      ]
      for (index, change) in changes.enumerated() {
        let line = ManifestJournal.line(change, number: index + 1, behind: last)
        lines.append(line.bytes)
        last = line.digest
        changed.apply(change)
        after.append(changed)
      }
    }

    /// The manifest with the changes of `bytes`, and what is said of their damage.
    func replayed(_ bytes: [UInt8]) -> (manifest: Manifest, damage: String?) {
      var manifest = manifest
      do {
        try ManifestJournal.replay(bytes, behind: digest, in: &manifest)
        return (manifest, nil)
      } catch {
        return (manifest, "\(error)")
      }
    }
  }

  @Test("what was appended is read again, line by line")
  func lines() throws {
    let journal = try Case()
    #expect(journal.replayed([]).manifest == journal.manifest)
    for count in 1...3 {
      let (manifest, damage) = journal.replayed(Array(journal.lines[..<count].joined()))
      #expect(manifest == journal.after[count - 1] && damage == nil)
      #expect(manifest != journal.manifest)
    }
  }

  @Test("a last line that is cut anywhere counts as not there")
  func torn() throws {
    let journal = try Case()
    let before = Array(journal.lines[..<2].joined())
    for count in 0..<journal.lines[2].count - 1 {
      let (manifest, damage) = journal.replayed(before + journal.lines[2][..<count])
      #expect(manifest == journal.after[1] && damage == nil, "\(count)")
    }
    // Only the line break is missing: the text is whole.
    let whole = journal.replayed(before + journal.lines[2].dropLast())
    #expect(whole.manifest == journal.after[2] && whole.damage == nil)
    // Blocks that a power cut has left empty.
    let zeros = journal.replayed(before + [UInt8](repeating: 0, count: 4096))
    #expect(zeros.manifest == journal.after[1] && zeros.damage == nil)
  }

  @Test("a flipped bit in any byte is found; what stands before it counts", arguments: 0..<8)
  func flips(bit: Int) throws {
    let journal = try Case()
    let bytes = Array(journal.lines.joined())
    for index in bytes.indices.dropLast() {
      var damaged = bytes
      damaged[index] ^= 1 << UInt8(bit)
      let (manifest, damage) = journal.replayed(damaged)
      let line = bytes[..<index].count { $0 == UInt8(ascii: "\n") }
      #expect(damage?.hasPrefix("line \(line + 1) ") == true, "byte \(index)")
      #expect(manifest == (line == 0 ? journal.manifest : journal.after[line - 1]))
    }
  }

  @Test("lines that are missing, twice or in another order are found")
  func order() throws {
    let journal = try Case()
    let lines = journal.lines
    for (wrong, place) in [
      ([lines[1], lines[2]], 1), ([lines[0], lines[2]], 2), ([lines[0], lines[0]], 2),
      ([lines[0], lines[2], lines[1]], 2), ([lines[0], [UInt8(ascii: "\n")], lines[1]], 2),
    ] {
      let (_, damage) = journal.replayed(Array(wrong.joined()))
      #expect(damage?.hasPrefix("line \(place) ") == true)
    }
  }

  @Test("the changes of another manifest are none")
  func stale() throws {
    let journal = try Case()
    var manifest = journal.manifest
    try ManifestJournal.replay(
      Array(journal.lines.joined()), behind: Digest.sha256("folded"), in: &manifest)
    #expect(manifest == journal.manifest)
  }

  @Test("a sound line that is no change is damage", arguments: ["{}", "{\"listed\":1}"])
  func nonsense(text: String) throws {
    let journal = try Case()
    var json = try JSONValue(parsing: text)
    json["after"] = .string(journal.digest)
    json["line"] = 1
    let line = Digest.sha256(json.canonicalBytes) + " " + json.canonical + "\n"
    #expect(journal.replayed(Array(line.utf8)).damage?.hasPrefix("line 1: ") == true)
  }
}
