import Foundation
import Testing
import Datasets

@Suite("StoredFile")
struct StoredFileTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test("Any range of its bytes can be read, in any order")
  func ranges() throws {
    let path = try folder.write("a", "0123456789")
    let file = try StoredFile(path, limit: 10)
    #expect(file.size == 10)
    #expect(try file.bytes(7..<10) == Array("789".utf8))
    #expect(try file.bytes(0..<10) == Array("0123456789".utf8))
    #expect(try file.bytes(3..<3) == [])
  }

  @Test("It stays the file that was opened, whatever comes to stand in its place")
  func replaced() throws {
    let path = try folder.write("a", "old")
    let file = try StoredFile(path, limit: 10)
    _ = try folder.write("a", "new")
    #expect(try file.bytes(0..<3) == Array("old".utf8))
  }

  @Test("A file that ends early has changed")
  func shrinks() throws {
    let path = try folder.write("a", "0123456789")
    let file = try StoredFile(path, limit: 10)
    #expect(truncate(path, 5) == 0)
    #expect(try file.bytes(0..<5).count == 5)
    #expect(
      datasetError { () throws(DatasetError) in try file.bytes(4..<8) }
        == .file(path, .changedWhileReading))
  }

  @Test("A file above the limit is refused when it is opened")
  func limit() throws {
    let path = try folder.write("a", "0123456789")
    #expect(
      datasetError { () throws(DatasetError) in try StoredFile(path, limit: 9) }
        == .file(path, .tooLarge(bytes: 10, limit: 9)))
  }
}
