import Foundation
import Storage
import TestSupport
import Testing

@Suite("DurableFile") struct DurableFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var names: [String] { FilePaths.entries(of: folder.path) }

  @Test("a file is written whole, over an old one too", arguments: [0, 1, 4096, 300_000])
  func write(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    for old in [nil, "an old content that is longer than some of the new ones"] {
      if let old { try folder.write(old, to: "file") }
      try DurableFile.write(bytes, to: folder.file("file"))
      #expect(try folder.read("file") == bytes)
    }
    #expect(names == ["file"])
  }

  @Test("a new file has another inode: whoever has the old one open keeps it")
  func replaces() throws {
    try DurableFile.write([1], to: folder.file("file"))
    let old = try #require(FileStamp(path: folder.file("file")))
    let reader = try #require(FileHandle(forReadingAtPath: folder.file("file")))
    try DurableFile.write([2], to: folder.file("file"))
    #expect(FileStamp(path: folder.file("file"))?.inode != old.inode)
    #expect(try reader.readToEnd() == Data([1]))
  }

  @Test("where the new content cannot be written, the old one stays and nothing is left over")
  func failedWrite() throws {
    try folder.write("old", to: "file")
    // Folders stand wherever the new content would be written first.
    let partials = DurableFile.partialPaths(of: folder.file("file"))
    for partial in partials { try FilePaths.makeFolders(partial) }
    let error = try #require(throws: StoreError.self) {
      try DurableFile.write([1, 2, 3], to: folder.file("file"))
    }
    #expect(
      error
        == StoreError(
          operation: "create", path: partials[partials.count - 1], code: EEXIST, needed: 3))
    #expect(try folder.text("file") == "old")
  }

  @Test("files that belong together are all written, or none where one cannot be")
  func together() throws {
    func write(_ byte: UInt8) throws {
      try DurableFile.write(all: ["a", "b"].map { (folder.file($0), [byte], nil) })
    }
    try write(1)
    #expect(try folder.read("a") == [1] && folder.read("b") == [1])
    let partials = DurableFile.partialPaths(of: folder.file("b"))
    for partial in partials { try FilePaths.makeFolders(partial) }
    #expect(throws: StoreError.self) { try write(2) }
    #expect(try folder.read("a") == [1] && folder.read("b") == [1])
    #expect(names == ["a", "b"] + partials.map(FilePaths.name(of:)).sorted())
  }

  @Test("where the rename fails, what was there stays and the partial file goes")
  func failedRename() throws {
    try FilePaths.makeFolders(folder.file("file/inside"))
    let error = try #require(throws: StoreError.self) {
      try DurableFile.write([1], to: folder.file("file"))
    }
    #expect(error.operation == "rename")
    #expect(FilePaths.isFolder(folder.file("file/inside")))
    #expect(names == ["file"])
  }

  @Test("a folder that is not there is named")
  func noFolder() throws {
    let error = try #require(throws: StoreError.self) {
      try DurableFile.write([1], to: folder.file("none/file"))
    }
    #expect(error.isMissing)
    #expect(error.path == folder.file("none/file.partial"))
  }

  @Test(
    "what has the name of a partial file, a link too, is somebody's: it is no obstacle, and stays")
  func leftover() throws {
    try folder.write("mine", to: "file.partial")
    try folder.write("other", to: "other")
    try DurableFile.link(folder.file("file.2.partial"), to: "other")
    try DurableFile.write([1], to: folder.file("file"))
    try DurableFile.replace([2], at: folder.file("file"))
    #expect(try folder.read("file") == [2])
    try DurableFile.link(folder.file("file"), to: "other")
    #expect(FilePaths.linkTarget(folder.file("file")) == "other")
    #expect(try folder.text("file.partial") == "mine" && folder.text("other") == "other")
    #expect(names == ["file", "file.2.partial", "file.partial", "other"])
  }

  @Test("many who write one file at once all succeed, and what is there is whole at any time")
  func atOnce() async throws {
    let path = folder.file("file")
    try DurableFile.write([0], to: path)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in UInt8(1)...16 {
        group.addTask {
          for _ in 0..<20 {
            try DurableFile.replace(Array(repeating: writer, count: 5000), at: path)
            let found = try FilePaths.read(path)
            #expect(found.count == 5000 && Set(found).count == 1)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(names == ["file"])
  }

  @Test("a link under the file's own name is replaced, not followed")
  func linkTarget() throws {
    try folder.write("other", to: "other")
    try DurableFile.link(folder.file("file"), to: "other")
    try DurableFile.write([1], to: folder.file("file"))
    #expect(try folder.text("other") == "other")
    #expect(FilePaths.linkTarget(folder.file("file")) == nil)
  }

  @Test("what is no regular file is not appended to")
  func device() throws {
    let error = try #require(throws: StoreError.self) {
      try DurableFile.append([1, 2, 3], to: "/dev/full")
    }
    #expect(error == StoreError(operation: "append", path: "/dev/full", code: EINVAL))
  }

  @Test("lines are appended, the file made when missing")
  func append() throws {
    try DurableFile.append(Array("a\n".utf8), to: folder.file("log"))
    try DurableFile.append([], to: folder.file("log"))
    try DurableFile.append(Array("b\n".utf8), to: folder.file("log"))
    #expect(try folder.text("log") == "a\nb\n")
  }

  @Test("a log that is a link is not followed")
  func appendToLink() throws {
    try folder.write("", to: "elsewhere")
    try DurableFile.link(folder.file("log"), to: "elsewhere")
    #expect(throws: StoreError(operation: "open", path: folder.file("log"), code: ELOOP, needed: 1))
    {
      try DurableFile.append([1], to: folder.file("log"))
    }
    #expect(try folder.read("elsewhere").isEmpty)
  }

  @Test(
    "a torn last line is cut off, whole lines stay",
    arguments: [
      ("", ""), ("a", ""), ("\n", "\n"), ("a\n", "a\n"), ("a\nb", "a\n"), ("a\nb\n", "a\nb\n"),
      ("a\n" + String(repeating: "x", count: 10_000), "a\n"),
      (String(repeating: "x", count: 9_000), ""),
      (String(repeating: "x", count: 5_000) + "\ny", String(repeating: "x", count: 5_000) + "\n"),
      (String(repeating: "x", count: 4_095) + "\n", String(repeating: "x", count: 4_095) + "\n"),
      ("\n" + String(repeating: "x", count: 4_096), "\n"),
    ])
  func tornLine(text: String, expected: String) throws {
    try folder.write(text, to: "log")
    let before = FileStamp(path: folder.file("log"))
    try DurableFile.removeTornLine(of: folder.file("log"))
    #expect(try folder.text("log") == expected)
    if text == expected { #expect(FileStamp(path: folder.file("log")) == before) }
  }

  @Test("a log without a line break in its last MiB is left as it is, and not searched")
  func tornWithoutEnd() throws {
    let path = folder.file("log")
    try folder.write("{}\n", to: "log")
    #expect(truncate(path, 1 << 40) == 0)
    try DurableFile.removeTornLine(of: path)
    #expect(FilePaths.size(of: path) == 1 << 40)
  }

  @Test("a pipe in the place of a log is refused, not waited for")
  func pipe() throws {
    let path = folder.file("log")
    #expect(mkfifo(path, 0o600) == 0)
    #expect(throws: StoreError.self) { try DurableFile.append([0x0a], to: path) }
    // With somebody reading, too.
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    #expect(throws: StoreError(operation: "append", path: path, code: EINVAL)) {
      try DurableFile.append([0x0a], to: path)
    }
  }

  @Test("a log that is not there has no torn line")
  func noLog() throws {
    try DurableFile.removeTornLine(of: folder.file("log"))
    #expect(names.isEmpty)
  }

  @Test("a link is made and swapped; what it led to stays")
  func link() throws {
    try folder.write("1", to: "one")
    try folder.write("2", to: "two")
    for target in ["one", "two", "nowhere", "one"] {
      try DurableFile.link(folder.file("result"), to: target)
      #expect(FilePaths.linkTarget(folder.file("result")) == target)
    }
    #expect(try folder.text("result") == "1")
    #expect(names == ["one", "result", "two"])
  }

  @Test("moving and removing")
  func moveAndRemove() throws {
    try folder.write("1", to: "one")
    try DurableFile.move(folder.file("one"), to: folder.file("two"))
    #expect(names == ["two"])
    try DurableFile.remove(folder.file("two"))
    try DurableFile.remove(folder.file("two"))
    #expect(names.isEmpty)
    #expect(throws: StoreError(operation: "rename", path: folder.file("one"), code: ENOENT)) {
      try DurableFile.move(folder.file("one"), to: folder.file("two"))
    }
    try FilePaths.makeFolders(folder.file("folder"))
    #expect(throws: StoreError(operation: "remove", path: folder.file("folder"), code: EISDIR)) {
      try DurableFile.remove(folder.file("folder"))
    }
  }
}
