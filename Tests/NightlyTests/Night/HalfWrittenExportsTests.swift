import Nightly
import RunFixtures
import Runs
import Storage
import Testing

@Suite("Exports that a killed night has left half-written") struct HalfWrittenExportsTests {
  @Test("go when another night begins, or the same goes on; whole ones stay, and folders")
  func removed() throws {
    let fixture = try NightFixture(
      NightFixture.head
        + "nightly: {guard: {min_rows: 1}, promote: {min_rows: 10, not_worse_by: 0.2}, "
        + "exports: [net.c]}\n")
    let night = try fixture.night().night
    let exports = fixture.job.night(night).exports
    let partials = ["net.c", "net.h"].flatMap {
      DurableFile.partialPaths(of: exports + "/" + $0).prefix(2)
    }
    for partial in partials { try DurableFile.write([1], to: partial) }
    try FilePaths.makeFolders(exports + "/own.partial")
    try fixture.night()
    #expect(FilePaths.entries(of: exports).sorted() == ["net.c", "net.h", "own.partial"])
  }
}
