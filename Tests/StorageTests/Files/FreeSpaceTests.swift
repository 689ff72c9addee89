import Storage
import TestSupport
import Testing

@Suite("FreeSpace") struct FreeSpaceTests {
  @Test("says how much is free, and nothing of what there is not")
  func bytes() throws {
    let folder = try TemporaryFolder()
    #expect(try #require(FreeSpace.bytes(at: folder.path)) > 0)
    #expect(FreeSpace.bytes(at: folder.file("nothing")) == nil)
    #expect(FreeSpace.bytes(at: "/proc") == 0)
  }
}
