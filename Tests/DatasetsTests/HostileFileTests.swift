import Datasets
import NumericCore
import Testing

/// Every reader meets every prefix of its golden files and every flipped bit: it throws or returns
/// finite numbers, and never traps.
@Suite("Hostile data files")
struct HostileFileTests {
  static let files = [
    "little_f4.npy", "little_f8.npy", "version2.npy", "version3.npy", "fortran_rank4.npy", "u1.npy",
    "labels.npy", "stored.npz", "deflated.npz", "single.npz", "f4.idx", "i2.idx", "f8.idx",
    "images-idx3-ubyte.gz", "labels-idx1-ubyte.gz", "table.csv", "table.csv.gz", "table.csv.zst",
  ]

  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Whether the bytes read, as inputs or as a data set; what is read must be finite.
  private func reads(_ bytes: [UInt8], _ name: String) throws -> Bool {
    let path = try folder.write(name, bytes)
    if name.contains(".csv") {
      return finite { () throws(DatasetError) in
        try CSVReader.dataset(path, labels: [.last], task: .classification).inputs
      }
    }
    let entry = ["stored.npz", "deflated.npz"].contains(name) ? ":inputs" : ""
    // As labels too, so that class tables meet the damage.
    _ = datasetError { () throws(DatasetError) in
      try DataSource.npy(inputs: ArrayFile(path + entry), targets: ArrayFile(path))
        .read(task: .classification)
    }
    return finite { () throws(DatasetError) in try InputFile.read(path + entry).inputs }
  }

  /// Whether `read` returns; what it returns must be finite.
  private func finite(_ read: () throws(DatasetError) -> DataMatrix) -> Bool {
    do throws(DatasetError) {
      let elements = try read().elements
      let isFinite = elements.allSatisfy { $0.isFinite }
      #expect(isFinite)
      return true
    } catch {
      let text = error.description
      #expect(!text.isEmpty)
      return false
    }
  }

  @Test("a file cut at any length is refused", arguments: files.filter { $0 != "table.csv" })
  func truncation(name: String) throws {
    let bytes = try DatasetGolden.bytes(name)
    #expect(try reads(bytes, name))
    for length in bytes.indices {
      #expect(try !reads(Array(bytes[..<length]), name), "the first \(length) bytes")
    }
  }

  @Test("a CSV cut at any length is refused or read, never worse")
  func csvTruncation() throws {
    let bytes = try DatasetGolden.bytes("table.csv")
    for length in bytes.indices { _ = try reads(Array(bytes[..<length]), "table.csv") }
  }

  @Test("a flipped bit is refused or read, never worse", arguments: files)
  func flips(name: String) throws {
    let bytes = try DatasetGolden.bytes(name)
    // Some 500 bits of every file, in all bytes of the short ones; odd, so that it meets all eight.
    let step = bytes.count * 8 / 500 | 1
    for bit in stride(from: 0, to: bytes.count * 8, by: step) {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << (bit % 8)
      _ = try reads(damaged, name)
    }
  }

  @Test("random bytes behind a magic are refused or read, never worse")
  func noise() throws {
    let magics: [(String, [UInt8])] = [
      ("a.npy", [0x93] + Array("NUMPY".utf8) + [1, 0, 40, 0] + Array("{'descr': '<f4', ".utf8)),
      ("a.idx", [0, 0, 8, 1]), ("a.npz", [0x50, 0x4b, 3, 4]), ("a.csv", []),
      ("a.csv.gz", [0x1f, 0x8b, 8, 0]), ("a.csv.zst", [0x28, 0xb5, 0x2f, 0xfd]),
    ]
    var generator = Philox(seed: 1, purpose: .derivation)
    for (name, magic) in magics {
      for _ in 0..<200 {
        let tail = (0..<generator.next(below: 80)).map { _ in UInt8(generator.next(below: 256)) }
        _ = try reads(magic + tail, name)
      }
    }
  }
}
