import Datasets
import NumericCore
import Storage
import Testing

@Suite("ZipArchive")
struct ZipArchiveTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private let inputs = DataMatrix(rows: 4, columns: 5, (0..<20).map { Double($0) / 2 - 2 })

  /// What is said about bytes, without the path.
  private func complaint(_ bytes: [UInt8], _ entry: String = "inputs") throws -> String? {
    let path = try folder.write("a.npz", bytes)
    let error = datasetError { () throws(DatasetError) in try InputFile.read("\(path):\(entry)") }
    return error?.description.replacing("\(folder.path)/", with: "")
  }

  /// The golden archive with one byte changed.
  private func changed(_ name: String, _ change: (inout [UInt8]) -> Void) throws -> [UInt8] {
    var bytes = try DatasetGolden.bytes(name)
    change(&bytes)
    return bytes
  }

  @Test("stored and deflated entries are read by name", arguments: ["stored.npz", "deflated.npz"])
  func entries(name: String) throws {
    let path = DatasetGolden.path(name)
    for entry in ["inputs", "inputs.npy"] {
      #expect(try InputFile.read("\(path):\(entry)").inputs == inputs)
    }
    let data = try DataSource.npy(inputs: ArrayFile(path), targets: ArrayFile(path))
      .read(task: .classification)
    #expect(data.inputs == inputs)
    #expect(data.targets == .classes([2, 0, 2, 1], names: ["3", "5", "7"]))
    #expect(data.source == "\(path):inputs")
  }

  @Test(
    "what is written is read again, array by array; every byte of its header is where zip has it")
  func written() throws {
    let other = DataMatrix(rows: 1, columns: 2, [3, 4])
    let bytes = try #require(
      NPZ.bytes(of: [("first", NPY.bytes(of: inputs)), ("second", NPY.bytes(of: other))]))
    let path = try folder.write("w.npz", bytes)
    #expect(try InputFile.read("\(path):first").inputs == inputs)
    #expect(try InputFile.read("\(path):second").inputs == other)
    let single = try folder.write(
      "s.npz", try #require(NPZ.bytes(of: [("x", NPY.bytes(of: inputs))])))
    #expect(try InputFile.read(single).inputs == inputs)
  }

  @Test("without a name the only entry is read, and with several none is guessed")
  func select() throws {
    #expect(try InputFile.read(DatasetGolden.path("single.npz")).inputs == inputs)
    let path = DatasetGolden.path("unclear.npz")
    #expect(
      datasetError { () throws(DatasetError) in try InputFile.read(path) }?.description
        == "\(path): it is not clear which entry to read; "
        + "choose \"first\", \"second\" as FILE.npz:ENTRY")
    #expect(
      datasetError { () throws(DatasetError) in try InputFile.read("\(path):third") }?.description
        == "\(path): there is no entry \"third\"; choose \"first\", \"second\" as FILE.npz:ENTRY")
  }

  @Test("damage is named")
  func damage() throws {
    let end = try DatasetGolden.bytes("stored.npz").count - 22
    let again = "copy or download it again"
    // The last element of the inputs: local header 30, name 10, extra 20, array 208.
    #expect(
      try complaint(changed("stored.npz") { $0[267] ^= 1 })
        == "a.npz:inputs.npy: the NPZ file is damaged (its checksum differs); \(again)")
    #expect(
      try complaint(changed("stored.npz") { $0[0] = 0 })
        == "a.npz: this is not an NPZ file; check the path")
    #expect(
      try complaint(changed("stored.npz") { $0.removeLast() })
        == "a.npz: the NPZ file is damaged (its end is missing); \(again)")
    #expect(
      try complaint(changed("stored.npz") { $0[end + 16] ^= 1 })
        == "a.npz: the NPZ file is damaged (its directory is not where it should be); \(again)")
    #expect(
      try complaint(
        changed("stored.npz") {
          $0[end + 8] = 3; $0[end + 10] = 3
        })
        == "a.npz: the NPZ file is damaged (its directory is cut short); \(again)")
    #expect(
      try complaint(
        changed("stored.npz") {
          $0[end + 8] = 1; $0[end + 10] = 1
        })
        == "a.npz: the NPZ file is damaged (its directory has another length); \(again)")
    #expect(
      try complaint(
        changed("stored.npz") {
          $0[end + 8] = 0xff; $0[end + 9] = 0xff
        })
        == "a.npz: the NPZ file has the zip64 form (over 4 GiB), which is not supported; "
        + "save it as plain numbers")
    #expect(
      try complaint(changed("stored.npz") { $0[end + 4] = 1 })
        == "a.npz: the NPZ file has an archive in several parts, which is not supported; "
        + "save it as plain numbers")
  }

  @Test("damage in a directory record is named")
  func recordDamage() throws {
    let bytes = try DatasetGolden.bytes("deflated.npz")
    // The first record of the directory.
    let record = try #require(
      bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4b, 1, 2]) })
    let place = "a.npz:inputs.npy: the NPZ file"
    #expect(
      try complaint(changed("deflated.npz") { $0[record + 8] |= 1 })
        == "\(place) has encryption, which is not supported; save it as plain numbers")
    #expect(
      try complaint(changed("deflated.npz") { $0[record + 10] = 12 })
        == "\(place) has compression method 12, which is not supported; save it as plain numbers")
    #expect(
      try complaint(changed("deflated.npz") { $0[record + 10] = 0 })
        == "\(place) is damaged (two sizes); copy or download it again")
    #expect(
      try complaint(changed("deflated.npz") { $0[record + 21] = 0xff })
        == "\(place) is damaged (it reaches beyond the archive); copy or download it again")
    #expect(
      try complaint(changed("deflated.npz") { $0[record + 42] = 1 })
        == "\(place) is damaged (no local header); copy or download it again")
    #expect(
      try complaint(changed("deflated.npz") { $0[record + 27] = 0x7f })?
        .hasPrefix("a.npz:inputs.npy: the deflate data is damaged") == true)
    #expect(
      try complaint(changed("deflated.npz") { for i in 20..<24 { $0[record + i] = 0xff } })
        == "a.npz: the NPZ file has the zip64 form (over 4 GiB), which is not supported; "
        + "save it as plain numbers")
  }

  /// An archive of empty entries with these names, all with their local headers.
  private func archive(of names: [String]) -> [UInt8] {
    func words(_ pairs: [(value: Int, bytes: Int)]) -> [UInt8] {
      pairs.flatMap { pair in (0..<pair.bytes).map { UInt8(pair.value >> (8 * $0) & 0xff) } }
    }
    var entries: [UInt8] = []
    var directory: [UInt8] = []
    for name in names {
      directory += words([
        (0x0201_4b50, 4), (0, 24), (name.utf8.count, 2), (0, 12), (entries.count, 4),
      ])
      directory += name.utf8
      entries +=
        words([(0x0403_4b50, 4), (0, 22), (name.utf8.count, 2), (0, 2)]) + Array(name.utf8)
    }
    let counts = [(names.count, 2), (names.count, 2)]
    return entries + directory
      + words([(0x0605_4b50, 4), (0, 4)] + counts)
      + words([(directory.count, 4), (entries.count, 4), (0, 2)])
  }

  @Test("two entries of one name are refused, of which others take the last")
  func twice() throws {
    #expect(try ZipArchive(archive(of: ["a.npy", "b.npy"]), file: "a.npz").entries.count == 2)
    #expect(
      try complaint(archive(of: ["a.npy", "b.npy", "a.npy"]), "a")
        == "a.npz:a.npy: the NPZ file is damaged (the archive has two entries of this name); "
        + "copy or download it again")
  }

  @Test("an entry larger than the limit is refused, though its archive is smaller")
  func limit() throws {
    let path = DatasetGolden.path("zeros.npz")
    // The entry has a header of 128 bytes and 1,000 elements of 4 bytes.
    #expect(
      try InputFile.read(path, limit: 4128).inputs == .float32(Matrix(rows: 10, columns: 100)))
    #expect(
      datasetError { () throws(DatasetError) in try InputFile.read(path, limit: 4127) }
        == .file("\(path):zeros.npy", .tooLarge(bytes: 4128, limit: 4127)))
  }
}
