import Downloads
import Programs
import Storage
import TestSupport
import Testing

/// Whether curl is on this machine.
private let hasCurl = ["/usr/bin/curl", "/bin/curl", "/usr/local/bin/curl"].contains(
  where: FilePaths.exists)

@Suite("Download", .early, .serialized, .enabled(if: hasCurl)) @MainActor
struct DownloadTests {
  private let content: [UInt8] = {
    var random = SeededGenerator(seed: 9)
    return random.floats(50_000).map { UInt8(truncatingIfNeeded: $0.bitPattern) }
  }()
  private let folder: TemporaryFolder
  private var file: PinnedFile {
    PinnedFile(name: "x.gz", bytes: content.count, sha256: Digest.sha256(content))
  }

  init() throws {
    folder = try TemporaryFolder()
  }

  private func download(
    _ mirrors: [String], isInterrupted: @escaping () -> Bool = { false }
  ) -> Download {
    Download(
      file, from: mirrors, to: folder.path, environment: ["PATH": "/usr/bin:/bin:/usr/local/bin"],
      isInterrupted: isInterrupted)
  }

  private func expectWhole() throws {
    #expect(try folder.read("x.gz") == content)
    #expect(FilePaths.entries(of: folder.path) == ["x.gz"])
  }

  @Test("brings a file, and nothing where it is there already")
  func plain() throws {
    let content = content
    let server = try LoopbackServer { $0.path == "/d/x.gz" ? .content(content) : .status(404) }
    #expect(try download([server.address + "/d"]).run())
    try expectWhole()
    #expect(try !download([server.address + "/d/"]).run())
    #expect(server.requests.count == 1)
  }

  @Test("follows a mirror to where it points, and asks the next where one has nothing")
  func redirect() throws {
    let content = content
    let server = try LoopbackServer { request in
      switch request.path {
      case "/old/x.gz": .redirect("/new/x.gz")
      case "/new/x.gz": .content(content)
      default: .status(404)
      }
    }
    #expect(try download([server.address + "/none", server.address + "/old"]).run())
    try expectWhole()
    #expect(server.requests.map(\.path) == ["/none/x.gz", "/old/x.gz", "/new/x.gz"])
  }

  @Test("takes no other file, and says what each mirror did")
  func wrong() throws {
    var other = content
    other[77] ^= 1
    let (wrong, long) = (other, content + [0])
    let server = try LoopbackServer { request in
      switch request.path {
      case "/wrong/x.gz": .whole(wrong)
      case "/long/x.gz": .whole(long)
      default: .status(503)
      }
    }
    let mirrors = ["/wrong", "/long", "/busy"].map { server.address + $0 }
    let error = #expect(throws: DownloadError.self) { try download(mirrors).run() }
    guard case .unavailable("x.gz", let reasons, isBegun: false) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reasons.count == 3)
    #expect(reasons[0] == "\(mirrors[0]) gave another file, with another size or SHA-256")
    #expect(zip(reasons, mirrors).allSatisfy { $0.hasPrefix($1) })
    #expect(FilePaths.entries(of: folder.path).isEmpty)
  }

  @Test("takes little more than the file from a mirror that never ends")
  func endless() throws {
    let content = content
    let server = try LoopbackServer { _ in .endless(content, times: 2_000) }
    let error = #expect(throws: DownloadError.self) { try download([server.address]).run() }
    guard case .unavailable(_, let reasons, isBegun: false) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reasons[0].hasSuffix("gave another file, with another size or SHA-256"))
    #expect(FilePaths.entries(of: folder.path).isEmpty)
    #expect(server.requests.map(\.first) == [0])
    // What lies in buffers of the system comes on top.
    #expect(server.rounds < 400)
  }

  @Test("goes on from what has come, by the next mirror or the next time")
  func cut() throws {
    let content = content
    let server = try LoopbackServer { request in
      request.path == "/cut/x.gz" ? .cut(content, after: 20_000) : .content(content)
    }
    let error = #expect(throws: DownloadError.self) {
      try download([server.address + "/cut"]).run()
    }
    // Only where something is kept is it said that it will be gone on from.
    #expect("\(try #require(error))".hasSuffix("; the same command goes on with what has come"))
    #expect(FilePaths.size(of: folder.file("x.gz.part")) == 20_000)
    #expect(throws: DownloadError.interrupted(partial: folder.file("x.gz.part"))) {
      try download([server.address + "/good"], isInterrupted: { true }).run()
    }
    #expect(try download([server.address + "/good"]).run())
    try expectWhole()
    #expect(server.requests.last == LoopbackServer.Request(path: "/good/x.gz", first: 20_000))
  }

  @Test("begins anew where the beginning was another's, or a mirror cannot go on from the middle")
  func anew() throws {
    let content = content
    let server = try LoopbackServer { request in
      request.path == "/all/x.gz" ? .whole(content) : .content(content)
    }
    try folder.write([1, 2, 3], to: "x.gz.part")
    #expect(try download([server.address + "/good"]).run())
    try expectWhole()
    try DurableFile.remove(folder.file("x.gz"))
    try folder.write(Array(content.prefix(10)), to: "x.gz.part")
    #expect(try download([server.address + "/all"]).run())
    try expectWhole()
  }

  @Test("leaves a file of the same name alone that is another")
  func taken() throws {
    try folder.write("mine", to: "x.gz")
    #expect(throws: DownloadError.taken(path: folder.file("x.gz"))) { try download([]).run() }
    #expect(try folder.text("x.gz") == "mine")
  }

  @Test("says that curl is missing")
  func noCurl() throws {
    let download = Download(
      file, from: ["http://127.0.0.1:9"], to: folder.path, environment: ["PATH": folder.path])
    let error = #expect(throws: DownloadError.self) { try download.run() }
    #expect(
      error.map { "\($0)".hasSuffix("; install curl, which transfers files") } == true)
  }
}

@Suite("Public data sets")
struct PublicDatasetTests {
  @Test("have four files each, with a size and a digest, and two mirrors")
  func complete() {
    for dataset in PublicDataset.allCases {
      #expect(dataset.files.count == 4 && dataset.mirrors.count == 2)
      #expect(Set(dataset.files.map(\.sha256)).count == 4)
      for file in dataset.files {
        #expect(file.sha256.count == 64 && file.sha256.allSatisfy(\.isHexDigit))
        #expect(file.bytes > 4000 && file.name.hasSuffix(".gz"))
      }
      #expect(dataset.mirrors.allSatisfy { $0.hasPrefix("http") && $0.hasSuffix("/") })
    }
  }
}
