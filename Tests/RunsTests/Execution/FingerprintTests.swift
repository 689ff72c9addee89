import RunFixtures
import Runs
import Storage
import Testing

@Suite("Fingerprint") struct FingerprintTests {
  @Test("it says what bits depend on, always the same in one process")
  func members() {
    #expect(
      Fingerprint.json.objectValue?.names == [
        "blas_build", "blas_core", "compressed_density", "engine", "features", "math_library",
        "second_level_cache", "zstd",
      ])
  }

  @Test("many threads that ask at a time get the same answer")
  func concurrent() async {
    let answers = await withTaskGroup(of: JSONValue.self) { group in
      for _ in 0..<64 { group.addTask { Fingerprint.json } }
      return await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(answers == [Fingerprint.json])
  }

  @Test("checkpoints carry it, and nothing of the machine's names, paths or clock")
  func checkpoints() throws {
    let fixture = try RunFixture()
    try fixture.run()
    let contents = try fixture.contents("alternate/01/prune")
    #expect(contents.fingerprint == Fingerprint.json)
    #expect(
      contents.lineage.objectValue?.names == [
        "data", "key", "kind", "parent", "seed", "settings", "stage",
      ])
    let text = String(
      decoding: try fixture.folder.read(fixture.checkpoint("alternate/01/prune")), as: UTF8.self)
    #expect(!text.contains(fixture.folder.path))
  }
}
