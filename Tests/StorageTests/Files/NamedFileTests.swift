import Glibc
import Storage
import TestSupport
import Testing

@Suite("NamedFile") struct NamedFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode : 0
  }

  private func write(_ text: String, to path: String) throws(StoreError) {
    try NamedFile(path).write(Array(text.utf8))
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try FilePaths.read(path), as: UTF8.self)
  }

  @Test("an existing file keeps its mode, a new one gets the usual one")
  func mode() throws {
    let path = folder.file("a")
    try write("one", to: path)
    #expect(mode(path) & 0o777 == 0o644)
    for bits: mode_t in [0o600, 0o640, 0o664] {
      #expect(chmod(path, bits) == 0)
      try write("two \(bits)", to: path)
      #expect(mode(path) & 0o777 == bits)
      #expect(try text(path) == "two \(bits)")
    }
    #expect(FilePaths.entries(of: folder.path) == ["a"])
  }

  @Test("links are followed, also several, relative ones, and those that lead to nothing yet")
  func links() throws {
    #expect(mkdir(folder.file("deep"), 0o755) == 0)
    #expect(symlink("deep/second", folder.file("first")) == 0)
    #expect(symlink("../file", folder.file("deep/second")) == 0)
    for content in ["new", "and again"] {
      try write(content, to: folder.file("first"))
      #expect(try text(folder.file("file")) == content)
      #expect(FilePaths.linkTarget(folder.file("first")) == "deep/second")
      #expect(FilePaths.linkTarget(folder.file("deep/second")) == "../file")
    }
    #expect(symlink("loop", folder.file("loop")) == 0)
    #expect(throws: StoreError(operation: "open", path: folder.file("loop"), code: ELOOP)) {
      try write("x", to: folder.file("loop"))
    }
  }

  @Test("what is written to a pipe reaches its reader, also through a link; the pipe stays")
  func pipe() throws {
    let pipe = folder.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(symlink("pipe", folder.file("link")) == 0)
    for path in [pipe, folder.file("link")] {
      #expect(NamedFile(path).isStream && !NamedFile(path).isStandardOutput)
      // Open for both, so that neither end waits for the other.
      let end = open(pipe, O_RDWR | O_CLOEXEC)
      defer { close(end) }
      try write("through", to: path)
      var bytes = [UInt8](repeating: 0, count: 16)
      #expect(read(end, &bytes, 16) == 7)
      #expect(String(decoding: bytes.prefix(7), as: UTF8.self) == "through")
      #expect(mode(pipe) & S_IFMT == S_IFIFO)
    }
  }

  @Test("a device node is written to and never replaced; one that is full says so")
  func device() throws {
    let node = folder.file("full")
    // 1, 7 is what /dev/full is.
    guard mknod(node, S_IFCHR | 0o600, 1 << 8 | 7) == 0 else { return }
    let probe = open(node, O_WRONLY | O_CLOEXEC)
    // A folder on a disk without devices.
    if probe < 0 { return }
    close(probe)
    #expect {
      try write("x", to: node)
    } throws: { error in
      "\(error)" == "\(node): write failed: No space left on device"
    }
    #expect(mode(node) & S_IFMT == S_IFCHR)
    #expect(FilePaths.entries(of: folder.path) == ["full"])
    #expect(throws: StoreError(operation: "read", path: node, code: EINVAL)) {
      try NamedFile(node).read()
    }
  }

  @Test("a pipe is read to its end, up to a limit")
  func reading() throws {
    let pipe = folder.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    for (limit, fits) in [(6, true), (5, false)] {
      // Waits until somebody reads.
      let writer = try ChildProcess(["sh", "-c", "printf abcdef > '\(pipe)'"])
      defer { withExtendedLifetime(writer) {} }
      if fits {
        #expect(try NamedFile(pipe).read(limit: limit) == Array("abcdef".utf8))
      } else {
        #expect(throws: StoreError(operation: "read", path: pipe, code: EFBIG, needed: 6)) {
          try NamedFile(pipe).read(limit: limit)
        }
      }
    }
  }

  @Test("names inside a stream are relative to the current folder, else to the file's")
  func folders() throws {
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    #expect(NamedFile(folder.file("pipe")).folder == ".")
    #expect(NamedFile("-").folder == "." && NamedFile("-").isStream)
    #expect(NamedFile(folder.file("file")).folder == folder.path)
    #expect(NamedFile("-").isStandardOutput && !NamedFile(folder.file("file")).isStandardOutput)
  }
}
