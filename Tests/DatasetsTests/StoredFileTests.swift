import Foundation
import Testing
import Datasets

@Suite("StoredFile")
struct StoredFileTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

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
