import Storage
import TestSupport
import Testing

@Suite("GrowingFile") struct GrowingFileTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file("a") }

  init() throws { folder = try TemporaryFolder() }

  @Test("it takes its place when it is whole, in that of what stood there")
  func commits() throws {
    try folder.write("old", to: "a")
    let file = try GrowingFile(for: path)
    try file.append(Array("....".utf8))
    try file.append(Array("56789".utf8))
    try file.overwrite(Array("1234".utf8), at: 0)
    #expect(try file.bytes(2..<6) == Array("3456".utf8))
    #expect(try file.bytes(7..<20) == Array("89".utf8))
    #expect(try folder.text("a") == "old")
    try file.commit()
    #expect(try folder.text("a") == "123456789")
    #expect(FilePaths.entries(of: folder.path) == ["a"])
  }

  @Test("nothing stays of one that was given up, and two of a name are in nobody's way")
  func givenUp() throws {
    do {
      let one = try GrowingFile(for: path)
      let two = try GrowingFile(for: path)
      try one.append([1])
      try two.append([2])
      try two.commit()
    }
    #expect(try folder.read("a") == [2])
    #expect(FilePaths.entries(of: folder.path) == ["a"])
  }

  @Test("what a killed process has left of one goes when the next one begins")
  func abandoned() throws {
    let suffix = DurableFile.partialSuffix
    for name in ["a\(suffix)", "a.3\(suffix)", "b\(suffix)"] { try folder.write("half", to: name) }
    let held = try GrowingFile(for: path)
    try held.append([1])
    #expect(FilePaths.entries(of: folder.path) == ["a\(suffix)", "b\(suffix)"])
    try GrowingFile(for: path).commit()
    #expect(try folder.read("a\(suffix)") == [1])
    try held.commit()
    #expect(FilePaths.entries(of: folder.path) == ["a", "b\(suffix)"])
  }

  @Test("a folder that is not there is an error")
  func noFolder() {
    #expect(throws: StoreError.self) { try GrowingFile(for: folder.file("none/a")) }
  }
}
