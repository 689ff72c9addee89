import Foundation
import Storage
import TestSupport
import Testing

@Suite("FilePaths") struct FilePathsTests {
  @Test(
    "folder and name of a path",
    arguments: [
      ("a", ".", "a"), ("/a", "/", "a"), ("a/b", "a", "b"), ("/a/b/c", "/a/b", "c"),
      ("a/", "a", ""),
    ])
  func parts(path: String, folder: String, name: String) {
    #expect(FilePaths.folder(of: path) == folder)
    #expect(FilePaths.name(of: path) == name)
  }

  @Test("relative paths lie in a folder, absolute ones do not")
  func resolve() {
    #expect(FilePaths.resolve("a", in: "b/c") == "b/c/a")
    #expect(FilePaths.resolve("/a", in: "b") == "/a")
    #expect(FilePaths.resolve("a", in: ".") == "a")
    #expect(FilePaths.absolute("/a/b") == "/a/b")
    #expect(FilePaths.absolute("a") == FileManager.default.currentDirectoryPath + "/a")
  }

  @Test("paths of one file have one real path, be the file there or not")
  func real() throws {
    let folder = try TemporaryFolder()
    let base = FilePaths.real(folder.path)
    try FilePaths.makeFolders(folder.file("a"))
    try DurableFile.link(folder.file("link"), to: "a")
    for path in ["a/new", "./a/new", "link/new", "a/b/../new", "c/../a/./new"] {
      #expect(FilePaths.real(folder.file(path)) == base + "/a/new", "\(path)")
    }
    #expect(
      FilePaths.real("/") == "/" && FilePaths.real("/no-such/../no-such-file") == "/no-such-file")
  }

  @Test("where a file can be made")
  func canBeMade() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "file")
    #expect(FilePaths.canBeMade(folder.file("file")) && FilePaths.canBeMade(folder.file("new")))
    #expect(FilePaths.canBeMade(folder.file("b/c/new")))
    #expect(!FilePaths.canBeMade(folder.file("file/new")))
    #expect(!FilePaths.canBeMade(folder.file("file/b/new")))
  }

  @Test("what there is at a path")
  func questions() throws {
    let folder = try TemporaryFolder()
    try folder.write("12345", to: "file")
    try DurableFile.link(folder.file("link"), to: "file")
    try DurableFile.link(folder.file("broken"), to: "nowhere")
    try FilePaths.makeFolders(folder.file("a/b/c"))
    try FilePaths.makeFolders(folder.file("a/b/c"))
    #expect(FilePaths.isFolder(folder.file("a/b/c")))
    #expect(FilePaths.entries(of: folder.path) == ["a", "broken", "file", "link"])
    #expect(FilePaths.entries(of: folder.file("none")) == [])
    for (name, exists, isTaken, size, target) in [
      ("file", true, true, 5, nil), ("link", true, true, nil, "file"),
      ("broken", false, true, nil, "nowhere"), ("a", true, true, nil, nil),
      ("none", false, false, nil, nil),
    ] as [(String, Bool, Bool, Int?, String?)] {
      let path = folder.file(name)
      #expect(FilePaths.exists(path) == exists)
      #expect(FilePaths.isTaken(path) == isTaken)
      #expect(FilePaths.size(of: path) == size)
      #expect(FilePaths.linkTarget(path) == target)
    }
  }

  @Test("hard links are other names of a file, and removing one frees nothing; nothing else is")
  func otherNames() throws {
    let folder = try TemporaryFolder()
    for name in ["own", "shared", "empty"] {
      try folder.write(name == "empty" ? "" : "12345", to: name)
    }
    try FileManager.default.linkItem(
      atPath: folder.file("shared"), toPath: folder.file("copy"))
    try DurableFile.link(folder.file("link"), to: "shared")
    try FilePaths.makeFolders(folder.file("a/b"))
    for name in ["own", "empty", "link", "a", "none", "shared", "copy"] {
      #expect(FilePaths.hasOtherNames(folder.file(name)) == ["shared", "copy"].contains(name))
      #expect(FilePaths.bytesFreed(byRemoving: folder.file(name)) == (name == "own" ? 5 : 0))
    }
  }

  @Test("a file that no memory can hold is refused, not tried", arguments: [1 << 40, 1 << 42])
  func tooLarge(size: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("sparse")
    try folder.write("", to: "sparse")
    #expect(truncate(path, off_t(size)) == 0)
    let error = StoreError(operation: "read", path: path, code: EFBIG, needed: size)
    #expect(throws: error) { try FilePaths.read(path) }
    #expect(throws: error) { try FilePaths.readIfThere(path) }
  }

  @Test("a folder cannot be made where a file is")
  func makeFolders() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "file")
    for path in ["file", "file/a"] {
      #expect(
        throws: StoreError(
          operation: "create the folder", path: folder.file("file"), code: EEXIST)
      ) { try FilePaths.makeFolders(folder.file(path)) }
    }
  }

  @Test("reading: a whole file, or why not")
  func read() throws {
    let folder = try TemporaryFolder()
    try folder.write("12345", to: "file")
    #expect(try FilePaths.read(folder.file("file"), limit: 5) == Array("12345".utf8))
    let tooLarge = StoreError(
      operation: "read", path: folder.file("file"), code: EFBIG, needed: 5)
    #expect(throws: tooLarge) {
      try FilePaths.read(folder.file("file"), limit: 4)
    }
    #expect(throws: StoreError(operation: "open", path: folder.file("none"), code: ENOENT)) {
      try FilePaths.read(folder.file("none"))
    }
    #expect(throws: StoreError(operation: "read", path: folder.path, code: EISDIR)) {
      try FilePaths.read(folder.path)
    }
    #expect(try FilePaths.readIfThere(folder.file("none")) == nil)
    #expect(try FilePaths.readIfThere(folder.file("file"))?.count == 5)
  }

  @Test("a pipe that nobody writes to is refused at once", .timeLimit(.minutes(1)))
  func pipe() throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    #expect(throws: StoreError(operation: "read", path: folder.file("pipe"), code: EINVAL)) {
      try FilePaths.read(folder.file("pipe"))
    }
  }
}
