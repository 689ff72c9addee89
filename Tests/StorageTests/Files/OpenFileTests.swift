import Glibc
import Storage
import TestSupport
import Testing

@Suite("OpenFile") struct OpenFileTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file("a") }

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("0123456789", to: "a")
  }

  @Test("any range of its bytes can be read, in any order")
  func ranges() throws {
    let file = try OpenFile(path, limit: 10)
    #expect(file.size == 10)
    #expect(try file.bytes(7..<10) == Array("789".utf8))
    #expect(try file.bytes(0..<10) == Array("0123456789".utf8))
    #expect(try file.bytes(3..<3) == [])
  }

  @Test("it stays the file that was opened, whatever comes to stand in its place")
  func replaced() throws {
    let file = try OpenFile(path)
    try DurableFile.write(Array("new".utf8), to: path)
    #expect(try file.bytes(0..<3) == Array("012".utf8))
  }

  @Test("of a file that has become shorter, there is what is left")
  func shrinks() throws {
    let file = try OpenFile(path)
    #expect(truncate(path, 5) == 0)
    #expect(try file.bytes(4..<8) == Array("4".utf8))
    #expect(try file.bytes(7..<8) == [])
  }

  @Test("it says whether somebody has written into it, and a file in its place is another one")
  func changes() throws {
    let file = try OpenFile(path)
    #expect(!file.hasChanged)
    try DurableFile.write(Array("new".utf8), to: path)
    #expect(!file.hasChanged)
    let other = try OpenFile(path)
    #expect(truncate(path, 2) == 0)
    #expect(other.hasChanged)
  }

  @Test("it says so, too, where the time of the last change was put back")
  func putBack() throws {
    let file = try OpenFile(path)
    var status = stat()
    #expect(stat(path, &status) == 0)
    // Times of a file system go by ticks.
    usleep(50_000)
    let stream = try #require(fopen(path, "r+"))
    fputs("X", stream)
    fclose(stream)
    let times = [status.st_atim, status.st_mtim]
    #expect(utimensat(AT_FDCWD, path, times, 0) == 0)
    #expect(file.hasChanged)
  }

  @Test("a file above the limit is refused when it is opened")
  func limit() {
    #expect(throws: StoreError(operation: "read", path: path, code: EFBIG, needed: 10)) {
      try OpenFile(path, limit: 9)
    }
  }
}
